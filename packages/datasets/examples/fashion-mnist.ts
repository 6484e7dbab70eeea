import { classBalancedIndices, fashionMnist, listDataSets, subset } from '@tensor-papers/datasets';
import { createRng } from '@tensor-papers/numerics/random';

const train = await fashionMnist({ split: 'train', variant: 'subset' });
const few = subset(train, classBalancedIndices(train.labels, 5, createRng(1)));
const pixels = await few.images([0]);

console.log(train.length, train.shape, train.classNames.slice(0, 3));
console.log(few.length, few.ids[0], few.classNames[few.labels[0]!], pixels.length);
for (const { id, images, licence } of listDataSets()) console.log(id, images, licence);

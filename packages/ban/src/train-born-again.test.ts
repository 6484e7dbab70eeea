import { describe, expect, it, jest } from '@jest/globals';
import { mlp } from '@tensor-papers/tensor-core/nn';
import { predictLogits, sgd } from '@tensor-papers/tensor-core/train';
import * as tf from '@tensorflow/tfjs';
import { blobs, dataOf, distance, leak, tinyRun, weightsOf } from '../test/support.js';
import { requireDistinctSeeds } from './generation-seeds.js';
import {
  type BanMode,
  type BornAgainOptions,
  type BornAgainRun,
  type BornAgainWarning,
  banModes,
  ClassCountError,
  EmptyBatchError,
  generationSeeds,
  klDivergence,
  LabelsError,
  OptionError,
  preconditionWarning,
  SharedGenerationError,
  trainBornAgain,
  UnknownModeError,
} from './index.js';

/** Trains, reads and disposes. */
async function trained<T>(options: Partial<BornAgainOptions>, read: (run: BornAgainRun) => T | Promise<T>): Promise<T> {
  const run = await trainBornAgain(tinyRun(options));
  try {
    return await read(run);
  } finally {
    run.dispose();
  }
}

/** What a run came to, without times. */
const outcome = (run: BornAgainRun) => ({
  weights: run.models.map(({ model }) => weightsOf(model)),
  history: run.history.map(({ epochs, ...report }) => ({
    ...report,
    losses: epochs.map(({ loss, validationAccuracy }) => [loss, validationAccuracy]),
  })),
});

const outcomeOf = (options: Partial<BornAgainOptions>) => trained(options, outcome);

describe('trainBornAgain', () => {
  it('gives a teacher, students and a report for each generation', async () => {
    const validation = blobs({ length: 12, seed: 2 });
    const generations = 2;
    await trained({ generations, mode: 'ban+l', validation, seed: 5 }, (run) => {
      expect(run.teacher).toBeInstanceOf(tf.LayersModel);
      expect(run.students).toHaveLength(2);
      expect(run.models.map(({ generation }) => generation)).toEqual([0, 1, 2]);
      expect(run.aborted).toBe(false);
      expect(run.history.map(({ generation, mode, seed }) => [generation, mode, seed])).toEqual(
        generationSeeds(5, 2).map((seed, generation) => [generation, generation === 0 ? 'ce' : 'ban+l', seed]),
      );
      for (const { epochs, trainAccuracy, meanConfidence, warnings } of run.history) {
        expect(epochs.map(({ epoch }) => epoch)).toEqual([0, 1]);
        for (const { validationAccuracy } of epochs) expect(Number.isInteger(validationAccuracy! * 12)).toBe(true);
        expect(trainAccuracy! * 48).toBeCloseTo(Math.round(trainAccuracy! * 48), 9);
        expect(meanConfidence).toBeGreaterThan(1 / 3);
        expect(meanConfidence).toBeLessThanOrEqual(1);
        expect(warnings).toEqual([]);
      }
    });
  });

  it('trains the teacher alone for 0 generations', async () => {
    await trained({ generations: 0 }, ({ teacher, students, history }) => {
      expect([teacher !== null, students.length, history.length]).toEqual([true, 0, 1]);
    });
  });

  it('reports what plain loops find', async () => {
    const data = blobs();
    await trained({ data }, async ({ teacher, students, history }) => {
      const [t, z] = [await predictLogits(teacher!, data), await predictLogits(students[0]!, data)];
      const rows = (logits: Float32Array) => tf.tensor2d(logits, [48, 3]);
      const right = Array.from(data.labels).filter((label, i) => {
        const row = Array.from(z.subarray(3 * i, 3 * i + 3));
        return row.indexOf(Math.max(...row)) === label;
      }).length;
      expect(history[1]!.trainAccuracy).toBe(right / 48);
      expect(history[1]!.meanConfidence).toBeCloseTo(tf.softmax(rows(z)).max(1).mean().dataSync()[0]!, 5);
      expect(history[1]!.teacherDivergence).toBeCloseTo(klDivergence(rows(z), rows(t)).mean().dataSync()[0]!, 5);
      expect(history[0]!.teacherDivergence).toBeNull();
    });
  });

  it.each(banModes)('mode %s: the same seed gives the same numbers to the bit', async (mode) => {
    const augment = [{ kind: 'shift', pixels: 1 }] as const;
    expect(await outcomeOf({ mode, augment })).toEqual(await outcomeOf({ mode, augment }));
  });

  it('another seed gives other numbers, and more generations change nothing in the first ones', async () => {
    const one = await outcomeOf({});
    expect((await outcomeOf({ seed: 2 })).weights).not.toEqual(one.weights);
    const two = await outcomeOf({ generations: 2 });
    expect(two.weights.slice(0, 2)).toEqual(one.weights);
  });

  it('leaves no tensors, neither after dispose nor when it fails, and disposes twice without harm', async () => {
    const validation = blobs({ length: 6 });
    const left = await leak(async () => {
      const run = await trainBornAgain(tinyRun({ generations: 2, mode: 'dkpp', validation }));
      run.dispose();
      run[Symbol.dispose]();
      expect(run.disposed).toBe(true);
    });
    expect(left).toBe(0);
    const failing = () => {
      throw new Error('callback');
    };
    for (const on of [{ epoch: failing }, { generation: failing }, { step: failing }, { generationStart: failing }]) {
      expect(await leak(() => expect(trainBornAgain(tinyRun({ on }))).rejects.toThrow('callback'))).toBe(0);
    }
  });

  it('calls back and logs in order', async () => {
    const events: string[] = [];
    const note = (text: string) => {
      events.push(text);
    };
    await trained(
      {
        epochs: 1,
        batchSize: 48,
        on: {
          generationStart: ({ generation, generations, mode }) => note(`start ${generation}/${generations} ${mode}`),
          step: ({ generation, log }) => note(`step ${generation}.${log.step}`),
          epoch: ({ generation, log, model }) => note(`epoch ${generation}.${log.epoch} ${model.name}`),
          generation: ({ generation }, model) => note(`generation ${generation} ${model!.name}`),
        },
        sinks: (generation) => [{ epoch: () => note(`log ${generation}`), end: () => note(`end ${generation}`) }],
      },
      () => {},
    );
    const of = (generation: number, mode: string) => [
      `start ${generation}/1 ${mode}`,
      `step ${generation}.0`,
      `epoch ${generation}.0 mlp`,
      `log ${generation}`,
      `end ${generation}`,
      `generation ${generation} mlp`,
    ];
    expect(events).toEqual([...of(0, 'ce'), ...of(1, 'ban')]);
  });
});

describe('generations', () => {
  it('have distinct seeds, of which more keep the first', () => {
    const seeds = generationSeeds(7, 20);
    expect(new Set(seeds).size).toBe(21);
    expect(generationSeeds(7, 3)).toEqual(seeds.slice(0, 4));
    expect(() => requireDistinctSeeds([4, 5, 4])).toThrow(SharedGenerationError);
    expect(() => requireDistinctSeeds([4, 5, 4])).toThrow(/generations 0 and 2/);
  });

  it('start from weights of their own', async () => {
    const initial: number[][][] = [];
    const factory = mlp({ hidden: [6] });
    await trained(
      {
        generations: 2,
        makeModel: (context) => {
          const model = factory(context);
          initial.push(weightsOf(model));
          return model;
        },
      },
      () => {},
    );
    expect(initial).toHaveLength(3);
    expect(distance(initial[0], initial[1])).toBeGreaterThan(0.1);
    expect(distance(initial[1], initial[2])).toBeGreaterThan(0.1);
    expect(distance(initial[0], initial[2])).toBeGreaterThan(0.1);
  });

  it('are taught by the one before, in inference mode, which stays as it is', async () => {
    const taughtBy: { generation: number; teacher: string; training: boolean }[] = [];
    const finished = new Map<number, number[][]>();
    const factory = mlp({ hidden: [6], dropout: 0.2 });
    let made = 0;
    let current = -1;
    await trained(
      {
        generations: 3,
        cacheTargets: false,
        makeModel: (context) => {
          const model = factory(context);
          model.name = `model ${made++}`;
          const apply = model.apply.bind(model);
          model.apply = (x, options) => {
            taughtBy.push({
              generation: current,
              teacher: model.name,
              training: (options as { training: boolean }).training,
            });
            return apply(x, options);
          };
          return model;
        },
        on: {
          generationStart: ({ generation }) => {
            current = generation;
          },
          generation: ({ generation }, model) => {
            finished.set(generation, weightsOf(model!));
          },
        },
      },
      (run) => {
        for (const { generation, model } of run.models) expect(weightsOf(model)).toEqual(finished.get(generation));
      },
    );
    for (const generation of [1, 2, 3]) {
      const others = taughtBy.filter(
        (call) => call.generation === generation && call.teacher !== `model ${generation}`,
      );
      // Two epochs of three batches.
      expect(others).toHaveLength(6);
      expect(others.every(({ teacher, training }) => teacher === `model ${generation - 1}` && !training)).toBe(true);
    }
  });

  it('that share weights are refused', async () => {
    const left = await leak(async () => {
      const model = mlp({ hidden: [6] })({ seed: 1, inputShape: [4, 2, 1], classes: 3 });
      await expect(trainBornAgain(tinyRun({ makeModel: () => model }))).rejects.toThrow(SharedGenerationError);
      const layer = tf.layers.dense({ units: 3 });
      const makeModel = () => tf.sequential({ layers: [tf.layers.flatten({ inputShape: [4, 2, 1] }), layer] });
      await expect(trainBornAgain(tinyRun({ makeModel }))).rejects.toThrow(/shares weights/);
    });
    expect(left).toBe(0);
  });

  it('other than the last are disposed with keep: last', async () => {
    const models: tf.LayersModel[] = [];
    const alive: number[] = [];
    const isAlive = (model: tf.LayersModel) => {
      try {
        return model.getWeights().length > 0;
      } catch {
        return false;
      }
    };
    const on: BornAgainOptions['on'] = {
      generation: (_, model) => {
        models.push(model!);
        alive.push(models.filter(isAlive).length);
      },
    };
    const all = await outcomeOf({ generations: 3 });
    await trained({ generations: 3, keep: 'last', on }, (run) => {
      expect(run.teacher).toBeNull();
      expect(run.students).toEqual([models[3]]);
      expect(run.models.map(({ generation }) => generation)).toEqual([3]);
      expect(run.history).toHaveLength(4);
      expect(outcome(run).weights).toEqual(all.weights.slice(3));
    });
    expect(alive).toEqual([1, 1, 1, 1]);
    expect(await leak(() => trained({ generations: 3, keep: 'last' }, () => {}))).toBe(0);
  });
});

describe('teacher targets', () => {
  it.each(['ban', 'cwtm', 'dkpp'] as const)('mode %s: cached ones give what evaluated ones give', async (mode) => {
    const [cached, live] = [
      await outcomeOf({ mode, cacheTargets: true }),
      await outcomeOf({ mode, cacheTargets: false }),
    ];
    expect(distance(cached.weights, live.weights)).toBeLessThan(1e-5);
    expect(await outcomeOf({ mode })).toEqual(cached);
  });

  it('come from the same augmented batch that the student sees', async () => {
    const seen: number[][] = [];
    const student: number[][] = [];
    const factory = mlp({ hidden: [4] });
    const teacher = (x: tf.Tensor) => {
      seen.push(Array.from(x.dataSync()));
      return tf.zeros([x.shape[0]!, 3]);
    };
    const makeModel: BornAgainOptions['makeModel'] = (context) => {
      const model = factory(context);
      const apply = model.apply.bind(model);
      model.apply = (x, options) => {
        if ((options as { training: boolean }).training) student.push(Array.from((x as tf.Tensor).dataSync()));
        return apply(x, options);
      };
      return model;
    };
    const augment = [{ kind: 'shift', pixels: 1 }, { kind: 'flip' }] as const;
    await trained({ teacher, makeModel, augment, epochs: 3 }, () => {});
    // One image to see its classes, the training data once for the report, then the batches.
    expect(seen.slice(2)).toEqual(student);
    expect(new Set(student.map(String)).size).toBe(9);
  });

  it('of dkpp are drawn anew, or once for each example', async () => {
    const fresh = await outcomeOf({ mode: 'dkpp' });
    expect(await outcomeOf({ mode: 'dkpp', permutations: 'fresh' })).toEqual(fresh);
    const fixed = await outcomeOf({ mode: 'dkpp', permutations: 'fixedPerSample' });
    expect(fixed.weights).not.toEqual(fresh.weights);
    expect(await outcomeOf({ mode: 'dkpp', permutations: 'fixedPerSample' })).toEqual(fixed);
  });
});

describe('a given teacher', () => {
  const makeTeacher = mlp({ hidden: [] });
  const context = { seed: 3, inputShape: [4, 2, 1], classes: 3 };

  it('takes the place of generation 0 and stays its owner’s', async () => {
    const teacher = makeTeacher(context);
    const before = weightsOf(teacher);
    await trained({ teacher, generations: 2 }, (run) => {
      expect(run.teacher).toBeNull();
      expect(run.models.map(({ generation }) => generation)).toEqual([1, 2]);
      expect(run.history[0]).toMatchObject({ generation: 0, mode: 'external', seed: null, epochs: [] });
      expect(run.history[1]!.seed).toBe(generationSeeds(1, 2)[1]);
    });
    expect(weightsOf(teacher)).toEqual(before);
    expect(await leak(() => trained({ teacher, keep: 'last' }, ({ students }) => students.length))).toBe(0);
    teacher.dispose();
  });

  it('of another architecture teaches as if it were generation 0', async () => {
    const cross = await trainBornAgain(tinyRun({ makeTeacher }));
    const again = await outcomeOf({ teacher: cross.teacher! });
    expect(cross.teacher!.layers).toHaveLength(3);
    expect(cross.students[0]!.layers).toHaveLength(4);
    expect(again.weights).toEqual([weightsOf(cross.students[0]!)]);
    cross.dispose();
  });

  it('may be a function, and needs no labels in a label-free mode', async () => {
    const data = blobs();
    const unlabelled = { ...data, labels: data.labels.map(() => -1) };
    const teacher = (x: tf.Tensor) => x.reshape([x.shape[0]!, 8]).slice([0, 0], [-1, 3]).mul(6);
    const blind = await outcomeOf({ teacher, data: unlabelled, teacherAccuracyWarning: 0.95 });
    expect(blind.weights).toEqual((await outcomeOf({ teacher, data })).weights);
    expect(blind.history.map(({ trainAccuracy }) => trainAccuracy)).toEqual([null, null]);
    for (const mode of ['ce', 'ban+l', 'cwtm'] as const) {
      await expect(trainBornAgain(tinyRun({ teacher, data: unlabelled, mode }))).rejects.toThrow(LabelsError);
    }
    await expect(trainBornAgain(tinyRun({ data: unlabelled }))).rejects.toThrow(/−1 stands for a missing label/);
  });
});

describe('the precondition', () => {
  const bad = (x: tf.Tensor) => tf.zeros([x.shape[0]!, 3]);

  it('warns when the teacher has not learnt the training data, and suggests ban+l', async () => {
    const warnings: BornAgainWarning[] = [];
    const on = { warning: (warning: BornAgainWarning) => warnings.push(warning) };
    for (const mode of ['ban', 'dkpp', 'smoothMax'] as const) {
      const history = await trained({ teacher: bad, mode, on, teacherAccuracyWarning: 0.95 }, (run) => run.history);
      expect(history[1]!.warnings).toEqual(warnings.splice(0));
      expect(history[1]!.warnings).toMatchObject([{ code: 'ban/teacher-not-converged', generation: 1 }]);
      expect(history[1]!.warnings[0]!.message).toContain('33.3 % of the training data right, expected at least 95.0 %');
      expect(history[1]!.warnings[0]!.message).toContain("use mode 'ban+l'");
    }
    for (const mode of ['ce', 'ban+l', 'cwtm'] as const) {
      await trained({ teacher: bad, mode, on, teacherAccuracyWarning: 0.95 }, () => {});
    }
    expect(warnings).toEqual([]);
  });

  it('holds from the threshold on', () => {
    expect(preconditionWarning('ban', { generation: 0, trainAccuracy: 0.95 }, 0.95)).toBeNull();
    expect(preconditionWarning('ban', { generation: 0, trainAccuracy: 0.9499 }, 0.95)).not.toBeNull();
    expect(preconditionWarning('ban', { generation: 0, trainAccuracy: null }, 0.95)).toBeNull();
  });

  it('prints its warning where nobody listens', async () => {
    const warn = jest.spyOn(console, 'warn').mockImplementation(() => {});
    try {
      await trained({ teacher: bad, teacherAccuracyWarning: 0.95 }, () => {});
      expect(warn).toHaveBeenCalledTimes(1);
      expect(String(warn.mock.calls[0]![0])).toContain('generation 0, the teacher of generation 1');
    } finally {
      warn.mockRestore();
    }
  });
});

describe('abort', () => {
  it('returns what is finished', async () => {
    const controller = new AbortController();
    const step: NonNullable<BornAgainOptions['on']>['step'] = ({ generation, log }) => {
      if (generation === 2 && log.step === 1) controller.abort();
    };
    const left = await leak(() =>
      trained({ generations: 3, signal: controller.signal, on: { step } }, async (run) => {
        expect(run.aborted).toBe(true);
        expect(run.models.map(({ generation }) => generation)).toEqual([0, 1]);
        expect(run.history).toHaveLength(2);
        expect(outcome(run)).toEqual(await outcomeOf({ generations: 1 }));
      }),
    );
    expect(left).toBe(0);
  });

  it('before the start returns nothing; after the last generation it changes nothing', async () => {
    await trained({ signal: AbortSignal.abort() }, (run) => {
      expect([run.teacher, run.students, run.history, run.aborted]).toEqual([null, [], [], true]);
    });
    const controller = new AbortController();
    const generation = () => {
      if (++finished === 2) controller.abort();
    };
    let finished = 0;
    await trained({ signal: controller.signal, on: { generation } }, (run) => {
      expect([run.students.length, run.aborted]).toEqual([1, false]);
    });
  });
});

describe('bad inputs', () => {
  const rejects = async (options: Partial<BornAgainOptions>, error: new (...given: never[]) => Error, text = '') => {
    const steps = jest.fn(() => {});
    const attempt = () => trainBornAgain(tinyRun({ on: { step: steps }, ...options }));
    const left = await leak(async () => {
      await expect(attempt()).rejects.toThrow(error);
      await expect(attempt()).rejects.toThrow(text);
    });
    expect(left).toBe(0);
    expect(steps).not.toHaveBeenCalled();
  };

  it('a teacher or student with another number of classes, before anything is trained', async () => {
    const four = mlp({ hidden: [] });
    const makeFour: BornAgainOptions['makeModel'] = (context) => four({ ...context, classes: 4 });
    await rejects(
      { teacher: (x) => tf.zeros([x.shape[0]!, 4]) },
      ClassCountError,
      'the teacher has 4 classes, the data 3',
    );
    await rejects({ makeModel: makeFour }, ClassCountError, 'generation 0 has 4 classes');
    await rejects({ makeTeacher: makeFour }, ClassCountError);
    await rejects({ makeTeacher: four, makeModel: makeFour }, ClassCountError, 'makeModel has 4 classes');
  });

  it('labels outside the classes', async () => {
    const data = blobs();
    const labels = Int32Array.from(data.labels).fill(3, 7, 8);
    await rejects({ data: { ...data, labels } }, LabelsError, 'label 7 is 3: expected a class id 0 … 2');
    await rejects({ data: { ...data, labels: labels.slice(1) } }, LabelsError, 'expected 48 labels');
    await rejects({ validation: { ...data, labels } }, LabelsError);
  });

  it('no data, or validation data of another kind', async () => {
    const empty = dataOf(new Uint8Array(0), [], 3);
    await rejects({ data: empty }, EmptyBatchError, 'data: expected at least one example');
    await rejects({ validation: empty }, EmptyBatchError, 'validation');
    await rejects({ validation: blobs({ classes: 4 }) }, ClassCountError);
    await rejects({ validation: { ...blobs(), shape: [2, 4, 1] } }, OptionError, '[2, 4, 1]');
  });

  it('images with NaN', async () => {
    const data = blobs();
    const images = () => new Float32Array(48 * 8).fill(Number.NaN) as unknown as Uint8Array;
    const nan = (indices: ArrayLike<number>) => images().subarray(0, indices.length * 8);
    await rejects({ data: { ...data, images: nan } }, Error, 'expected finite inputs, got NaN or infinity in row 0');
    await rejects(
      { data: { ...data, images: nan }, teacher: (x) => x.reshape([-1, 8]).slice([0, 0], [-1, 3]) },
      Error,
      'NaN',
    );
  });

  it('an unknown mode, and options out of range or that do not go together', async () => {
    await rejects({ mode: 'bann' as BanMode }, UnknownModeError, "Did you mean 'ban'?");
    await rejects({ generations: -1 }, OptionError);
    await rejects({ generations: 1.5 }, OptionError);
    await rejects({ mode: 'cwtm', temperature: 2 }, OptionError);
    await rejects({ mode: 'ban', labelWeight: 2 }, OptionError);
    await rejects({ permutations: 'fixedPerSample' }, OptionError);
    await rejects({ mode: 'dkpp', permutations: 'none' as 'fresh' }, OptionError);
    await rejects({ keep: 'some' as 'all' }, OptionError);
    await rejects({ teacherAccuracyWarning: 95 }, OptionError);
    await rejects({ cacheTargets: true, augment: [{ kind: 'flip' }] }, OptionError, 'with augmentation');
    const teacher = (x: tf.Tensor) => tf.zeros([x.shape[0]!, 3]);
    await rejects({ teacher, generations: 0 }, OptionError, 'nothing to train');
    await rejects({ teacher, makeTeacher: mlp({ hidden: [] }) }, OptionError, 'got both');
    await rejects({ data: blobs({ classes: 1 }), mode: 'dkpp' }, OptionError);
    await rejects({ epochs: -1 }, Error, 'epochs');
    await rejects({ batchSize: 0 }, Error, 'batchSize');
    await rejects({ optimizer: () => sgd({ learningRate: -1 }) }, Error, 'learningRate');
  });
});

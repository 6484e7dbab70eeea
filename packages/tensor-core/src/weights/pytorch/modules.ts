/** Name of the PyTorch module that stands for a layer; undefined where there is none. */
export type ModuleNames = (layer: string) => string | undefined;

/**
 * Modules of a torchvision-style ResNet for the layers of `resNet` of `/nn`: `stem/conv` is `conv1`, `stage1/block2/norm1` is
 * `layer1.1.bn1`, `stage2/block1/shortcut/conv` is `layer2.0.downsample.0`, `logits` is `fc`.
 */
export const resNetModules: ModuleNames = (layer) => {
  const fixed: Readonly<Record<string, string>> = { 'stem/conv': 'conv1', 'stem/norm': 'bn1', logits: 'fc' };
  if (Object.hasOwn(fixed, layer)) return fixed[layer];
  const inBlock = /^stage(\d+)\/block(\d+)\/(?:(conv|norm)(\d)|shortcut\/(conv|norm))$/.exec(layer);
  if (inBlock === null) return undefined;
  const [, stage, block, kind, index, shortcut] = inBlock;
  const prefix = `layer${stage}.${Number(block) - 1}`;
  if (shortcut !== undefined) return `${prefix}.downsample.${shortcut === 'conv' ? 0 : 1}`;
  return `${prefix}.${kind === 'conv' ? 'conv' : 'bn'}${index}`;
};

/**
 * Modules of the usual PyTorch Wide-ResNet for the layers of `wideResNet` of `/nn`: `stem` is `conv1`, `stage-1-block-2-1-norm` is
 * `block1.layer.1.bn1`, `stage-2-block-1-projection` is `block2.layer.0.convShortcut`, `head-norm` is `bn1`, `logits` is `fc`.
 */
export const wideResNetModules: ModuleNames = (layer) => {
  const fixed: Readonly<Record<string, string>> = { stem: 'conv1', 'head-norm': 'bn1', logits: 'fc' };
  if (Object.hasOwn(fixed, layer)) return fixed[layer];
  const inBlock = /^stage-(\d+)-block-(\d+)-(?:([12])-(conv|norm)|projection)$/.exec(layer);
  if (inBlock === null) return undefined;
  const [, stage, block, index, kind] = inBlock;
  const prefix = `block${stage}.layer.${Number(block) - 1}`;
  if (index === undefined) return `${prefix}.convShortcut`;
  return `${prefix}.${kind === 'conv' ? 'conv' : 'bn'}${index}`;
};

/** An icon set as `@iconify-json` packages hold it: drawings by name, in one file. */
export interface IconSet {
  readonly icons: Readonly<Record<string, Icon>>;
  /** Other names of an icon; those with more fields than `parent` are drawings of their own. */
  readonly aliases?: Readonly<Record<string, { readonly parent: string }>>;
  readonly width?: number;
  readonly height?: number;
}

/** A drawing: what stands inside an SVG element. */
export interface Icon {
  readonly body: string;
  readonly width?: number;
  readonly height?: number;
}

/** What is known of a design before anything is drawn. */
export interface Design {
  readonly name: string;
  /** Names of its pictures, by code points or by the name of the emoji. */
  readonly pictures: Readonly<Record<string, string>>;
  /** What the keys of `pictures` are: code points such as `1f469-200d-1f52c`, or names such as `woman-scientist`. */
  readonly keys: 'code points' | 'names';
}

/** A picture of an emoji in one design. */
export interface EmojiPicture {
  readonly design: string;
  readonly picture: string;
}

/** An emoji and its pictures, at most one a design. */
export interface EmojiClass {
  /** Code points without variation selectors, joined by hyphens. */
  readonly codePoints: string;
  readonly name: string;
  readonly category: string;
  readonly pictures: readonly EmojiPicture[];
}

/** How names lead to code points, and code points to a name and a category. */
export interface EmojiNames {
  readonly codePointsOf: ReadonlyMap<string, string>;
  readonly nameOf: ReadonlyMap<string, string>;
  readonly categoryOf: ReadonlyMap<string, string>;
}

/** `1F469-FE0F-200D` → `1f469-200d`. */
export const plainCodePoints = (codes: string): string =>
  codes
    .toLowerCase()
    .split('-')
    .map((code) => code.replace(/^0+/, ''))
    .filter((code) => code !== 'fe0f')
    .join('-');

const hasSkinTone = (codes: string) => /(^|-)1f3f[b-f](-|$)/.test(codes);

/** Names differ in hyphens from set to set. */
export const plainName = (name: string): string => name.toLowerCase().replaceAll('-', '');

/** An icon set that says which code points its icons stand for. */
export interface NamedIconSet {
  readonly set: IconSet;
  /** Code points → name of an icon. */
  readonly chars: Readonly<Record<string, string>>;
  /** Category → names of icons. */
  readonly categories: Readonly<Record<string, readonly string[]>>;
}

/** Names and categories of emoji without skin tones; earlier sets go first. */
export function emojiNames(sets: readonly NamedIconSet[]): EmojiNames {
  const names = { codePointsOf: new Map<string, string>(), nameOf: new Map<string, string>(), categoryOf: new Map() };
  for (const { set, chars, categories } of sets) {
    const own = new Map<string, string>();
    for (const [codes, name] of Object.entries(chars)) {
      const plain = plainCodePoints(codes);
      if (hasSkinTone(plain)) continue;
      own.set(name, plain);
      if (!names.nameOf.has(plain)) names.nameOf.set(plain, name);
    }
    for (const [alias, { parent }] of Object.entries(set.aliases ?? {})) {
      const codes = own.get(parent);
      if (codes !== undefined && !own.has(alias)) own.set(alias, codes);
    }
    for (const [name, codes] of own) {
      if (!names.codePointsOf.has(plainName(name))) names.codePointsOf.set(plainName(name), codes);
    }
    for (const [category, members] of Object.entries(categories)) {
      for (const name of members) {
        const codes = own.get(name);
        if (codes !== undefined && !names.categoryOf.has(codes)) names.categoryOf.set(codes, category);
      }
    }
  }
  return names;
}

/** The icon of a name; undefined where there is none, or where an alias turns or flips it. */
export function iconOf({ icons, aliases = {} }: IconSet, name: string): string | undefined {
  if (icons[name]) return name;
  const alias = aliases[name];
  return alias && Object.keys(alias).length === 1 && icons[alias.parent] ? alias.parent : undefined;
}

/**
 * Emoji with their pictures, sorted by code points: those in at least `fewest` designs, skin tones left out.
 *
 * A design without code points is matched by name.
 */
export function emojiClasses(
  designs: readonly Design[],
  { codePointsOf, nameOf, categoryOf }: EmojiNames,
  fewest: number,
): EmojiClass[] {
  const pictures = new Map<string, EmojiPicture[]>();
  for (const { name: design, pictures: own, keys } of designs) {
    const taken = new Set<string>();
    for (const [key, picture] of Object.entries(own)) {
      const codes = keys === 'names' ? codePointsOf.get(plainName(key)) : plainCodePoints(key);
      if (codes === undefined || taken.has(codes) || !nameOf.has(codes)) continue;
      taken.add(codes);
      pictures.set(codes, [...(pictures.get(codes) ?? []), { design, picture }]);
    }
  }
  return [...pictures]
    .filter(([, found]) => found.length >= fewest)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([codePoints, found]) => ({
      codePoints,
      name: nameOf.get(codePoints)!,
      category: categoryOf.get(codePoints) ?? 'other',
      pictures: found,
    }));
}

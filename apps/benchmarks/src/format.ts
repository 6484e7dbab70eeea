const MINUS = '−';

function withDigits(value: number, digits: number): string {
  const text = Math.abs(value).toFixed(digits);
  return Number(text) === 0 || value >= 0 ? text : `${MINUS}${text}`;
}

/** Decimal places that show a value of this size with about three significant digits. */
export function decimals(magnitude: number): number {
  if (!Number.isFinite(magnitude) || magnitude === 0) return 2;
  const exponent = Math.floor(Math.log10(Math.abs(magnitude)));
  return Math.min(6, Math.max(0, 2 - Math.max(exponent, -4)));
}

/** A number for reading: about three significant digits, integers whole, thousands separated, a real minus sign. */
export function formatNumber(value: number | null | undefined, digits?: number): string {
  if (value === null || value === undefined || Number.isNaN(value)) return '–';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : `${MINUS}∞`;
  if (digits !== undefined) return withDigits(value, digits);
  if (Number.isInteger(value)) return `${value < 0 ? MINUS : ''}${Math.abs(value).toLocaleString('en-GB')}`;
  if (Math.abs(value) < 1e-4) return value.toExponential(1).replaceAll('-', MINUS);
  return withDigits(value, decimals(value));
}

/** What arithmetic leaves of a difference that is zero. */
const ROUNDING = 1e-9;

/** A number of any size with as many significant digits, as small as it may be; integers whole, what rounding leaves of zero as `0`. */
export function formatSignificant(value: number, digits = 3): string {
  const size = Math.abs(value);
  if (size < ROUNDING) return '0';
  if (Number.isInteger(value) || !Number.isFinite(value)) return formatNumber(value);
  const sign = value < 0 ? MINUS : '';
  const rounded = Number(size.toPrecision(digits));
  if (rounded < 1e-6) return sign + size.toExponential(digits - 1).replaceAll('-', MINUS);
  const places = Math.max(0, digits - 1 - Math.floor(Math.log10(rounded)));
  return sign + size.toLocaleString('en-GB', { minimumFractionDigits: places, maximumFractionDigits: places });
}

/** So many significant digits, at most six, that the ends of a range do not look the same unless they are. */
export function rangeDigits(low: number, high: number, least = 3): number {
  const candidates = [2, 3, 4, 5, 6].filter((digits) => digits >= least);
  return candidates.find((digits) => low.toPrecision(digits) !== high.toPrecision(digits)) ?? least;
}

/** A difference: always with its sign. */
export function formatSigned(value: number | null | undefined, digits = 2): string {
  const text = formatNumber(value, digits);
  return value !== null && value !== undefined && Number(value.toFixed(digits)) > 0 ? `+${text}` : text;
}

/** The decimal places that a list of values shares: about three significant digits of their spread, none that are all zero. */
export function sharedDecimals(values: readonly number[]): number {
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0 || finite.every(Number.isInteger)) return 0;
  const spread = Math.max(...finite) - Math.min(...finite);
  const wanted = Math.min(6, Math.max(decimals(Math.max(...finite.map(Math.abs))), decimals(spread || 1)));
  const needed = finite.map((value) => (value.toFixed(wanted).split('.')[1] ?? '').replace(/0+$/, '').length);
  return Math.max(1, ...needed);
}

/** A number as it was written down: `0.3`, not `0.300`; with a real minus sign. */
export function formatExact(value: number): string {
  return String(Number(value.toPrecision(12))).replace('-', MINUS);
}

/** Seconds as a duration for reading: `45 s`, `12 min`, `1 h 05 min`. */
export function formatDuration(seconds: number): string {
  if (seconds < 100) return `${formatNumber(seconds, seconds < 10 ? 1 : 0)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 100) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}

/** Bytes in decimal units: `1.3 GB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const exponent = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** exponent;
  return `${formatNumber(value, exponent === 0 || value >= 100 ? 0 : 1)} ${units[exponent]}`;
}

/** A title as a heading: with a capital, unless it begins with a name such as `mAP` or `sdh@32`. */
export function asHeading(title: string): string {
  return title.replace(/^\p{Ll}+(?=[\s,:;]|$)/u, (word) => word.charAt(0).toUpperCase() + word.slice(1));
}

/** `1 seed`, `3 seeds`. */
export function count(n: number, singular: string, plural = `${singular}s`): string {
  return `${formatNumber(n)} ${n === 1 ? singular : plural}`;
}

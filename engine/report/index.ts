export { chooseReporter, REPORTS, type Report, reportFor } from './choose.ts';
export { jsonReporter } from './json.ts';
export { liveReporter } from './live.ts';
export type { ReporterOptions } from './options.ts';
export { wantsColour } from './paint.ts';
export { plainReporter } from './plain.ts';

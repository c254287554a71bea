export { chooseReporter, REPORTS, type Report } from './choose.ts';
export { painter, wantsColour } from './paint.ts';
export { progressReporter } from './steps.ts';

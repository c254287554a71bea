export type { Documented } from './documented.ts';
export { editorSchema } from './editor-schema.ts';
export { renderEventsPage } from './events-page.ts';
export { renderKeywordsPage } from './keywords-page.ts';
export { renderModuleIndex, renderModulePage } from './module-page.ts';
export { renderModuleList, renderModuleText } from './terminal-page.ts';
export { docsFiles, staleDocs, writeDocs } from './write.ts';

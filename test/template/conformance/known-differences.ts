/** Templates that deliberately give something else than Python does, each with the reason. */
export const knownDifferences: ReadonlyMap<string, string> = new Map([]);

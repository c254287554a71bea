/** What `up` and `down` tell while they work. `step` names one piece of work: its start and its end bear the same name. */
export type LabProgress =
  | { readonly kind: 'step-started'; readonly step: string; readonly title: string }
  | {
      readonly kind: 'step-finished';
      readonly step: string;
      readonly title: string;
      readonly seconds: number;
    }
  | { readonly kind: 'step-failed'; readonly step: string; readonly title: string; readonly seconds: number }
  | { readonly kind: 'said'; readonly text: string; readonly step?: string };

/** Whoever listens to the progress of a lab. */
export type OnProgress = (event: LabProgress) => void;

/** Does one piece of work and tells its start and its end; what it throws passes through. */
export async function step<T>(
  onProgress: OnProgress,
  name: string,
  title: string,
  work: () => Promise<T>,
): Promise<T> {
  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1000;
  onProgress({ kind: 'step-started', step: name, title });
  try {
    const result = await work();
    onProgress({ kind: 'step-finished', step: name, title, seconds: seconds() });
    return result;
  } catch (error) {
    onProgress({ kind: 'step-failed', step: name, title, seconds: seconds() });
    throw error;
  }
}

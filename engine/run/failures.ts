import type { Output } from '../kit/command.ts';
import { ProbeError, Refusal } from '../kit/errors.ts';
import { redact } from '../kit/secret.ts';
import type { Diagnostic } from '../source/diagnostic.ts';
import { SourceError } from '../source/diagnostic.ts';
import { renderDiagnostics } from '../source/render.ts';
import { TemplateError } from '../template/index.ts';
import { TransportError, UploadFailed } from '../transport/index.ts';
import { NotConverged, NotThere, PlaybookMistake, StepFailed, TaskFailed, TaskTimedOut } from './errors.ts';
import type { Failure } from './events.ts';
import { HostUnreachable, ProbeFailed } from './survey.ts';

/** How much of an output a failure carries, in characters: its end says why. */
const KEPT_OUTPUT = 8000;

const tail = (bytes: Buffer): string => {
  const text = redact(bytes.toString());
  return text.length <= KEPT_OUTPUT ? text : `…${text.slice(-KEPT_OUTPUT)}`;
};

const outputOf = (output: Output | undefined): Partial<Failure> =>
  output === undefined
    ? {}
    : { exitCode: output.exitCode, stdout: tail(output.stdout), stderr: tail(output.stderr) };

const drawnOf = (diagnostics: readonly Diagnostic[]): Partial<Failure> => ({
  drawn: redact(renderDiagnostics(diagnostics, { color: false })),
});

/** What went wrong on a host, as data; undefined for an error that is a defect of `play` itself. */
export function failureOf(error: unknown): Failure | undefined {
  if (!(error instanceof Error)) return undefined;
  const base = { kind: error.name, message: redact(error.message) };
  const hint = (text: string | undefined): Partial<Failure> =>
    text === undefined ? {} : { hint: redact(text) };
  if (error instanceof HostUnreachable) return transportFailure(error.cause);
  if (error instanceof TransportError) return transportFailure(error);
  if (error instanceof ProbeFailed)
    return { ...base, command: redact(error.command), ...outputOf(error.output), ...hint(error.hint) };
  if (error instanceof ProbeError) return { ...base, ...hint(error.hint) };
  if (error instanceof Refusal) return { ...base, ...hint(error.wayOut) };
  if (error instanceof StepFailed)
    return { ...base, command: redact(error.command), ...outputOf(error.output), ...hint(error.hint) };
  if (error instanceof NotConverged || error instanceof NotThere) return { ...base, ...hint(error.hint) };
  if (error instanceof TemplateError) return { ...base, ...drawnOf([error.toDiagnostic()]) };
  if (error instanceof PlaybookMistake || error instanceof SourceError)
    return { ...base, ...drawnOf(error.diagnostics) };
  if (error instanceof UploadFailed)
    return { ...base, stderr: redact(error.stderr), hint: 'the disk may be full or read-only' };
  if (error instanceof TaskFailed || error instanceof TaskTimedOut) return base;
  return undefined;
}

function transportFailure(error: TransportError): Failure {
  return {
    kind: error.name,
    message: redact(error.message),
    hint: redact(error.hint),
    ...(error.details.length > 0 && { stderr: redact(error.details.join('\n')) }),
  };
}

/** Whether a host is out of reach rather than a task failed. */
export function isUnreachable(error: unknown): boolean {
  if (error instanceof HostUnreachable) return error.cause.unreachable;
  return error instanceof TransportError && error.unreachable;
}

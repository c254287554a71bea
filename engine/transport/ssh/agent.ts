import ssh2, { type ParsedKey } from 'ssh2';

const { BaseAgent, createAgent } = ssh2;

/** The public keys that an agent holds, as far as ssh2 knows their types. Rejects if the agent does not answer. */
export function agentKeys(socket: string): Promise<readonly ParsedKey[]> {
  return new Promise((resolve, reject) => {
    createAgent(socket).getIdentities((error, keys) => {
      if (error) return reject(error);
      // ssh2's own agents give parsed keys.
      resolve((keys ?? []) as ParsedKey[]);
    });
  });
}

/** An agent that offers only these of its keys: a server counts every key that is tried. */
export class SelectiveAgent extends BaseAgent<ParsedKey> {
  readonly #agent: ssh2.BaseAgent;
  readonly #keys: readonly ParsedKey[];

  constructor(socket: string, keys: readonly ParsedKey[]) {
    super();
    this.#agent = createAgent(socket);
    this.#keys = keys;
  }

  getIdentities(callback: (error?: Error | null, keys?: ParsedKey[]) => void): void {
    callback(null, [...this.#keys]);
  }

  override sign(
    key: ParsedKey,
    data: Buffer,
    options: ssh2.SigningRequestOptions | ssh2.SignCallback,
    callback?: ssh2.SignCallback,
  ): void {
    if (typeof options === 'function') this.#agent.sign(key, data, options);
    else this.#agent.sign(key, data, options, callback);
  }
}

/** How a host's disk was made of a base image: laid over it, or copied from it where the kernel or the file system cannot. */
export interface Disk {
  readonly kind: 'overlay' | 'copy';
  /** The folder of the image. */
  readonly base: string;
}

/** Reads a disk's file, as `diskText` writes it. */
export function parseDisk(text: string): Disk {
  // What we wrote ourselves, whole or not at all.
  return JSON.parse(text) as Disk;
}

/** The file of a disk. */
export function diskText(disk: Disk): string {
  return `${JSON.stringify(disk)}\n`;
}

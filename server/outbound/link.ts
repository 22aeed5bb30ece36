/** Opens the item's note in Obsidian, on any device that is connected to the plant. */
export const itemLink = (kind: string, id: string): string =>
  `obsidian://operary?item=${encodeURIComponent(`${kind}/${id}`)}`;

/** Sockets that carry bytes, with a ticket in the subprotocol, so that no secret stands in an address. */
import type { RoomLines } from '../prose/ports.ts';

export function roomLines(url: () => string): RoomLines {
  return {
    open(path, protocols, events) {
      const socket = new WebSocket(`${url().replace(/^http/, 'ws')}${path}`, [...protocols]);
      socket.binaryType = 'arraybuffer';
      let isOver = false;
      socket.onopen = () => events.opened();
      socket.onmessage = ({ data }) => {
        if (!isOver && data instanceof ArrayBuffer) events.heard(new Uint8Array(data));
      };
      socket.onclose = ({ code, reason }) => {
        if (isOver) return;
        isOver = true;
        events.closed(code, reason);
      };
      return {
        send(bytes) {
          if (socket.readyState === WebSocket.OPEN) socket.send(new Uint8Array(bytes));
        },
        close() {
          isOver = true;
          socket.close();
        },
      };
    },
  };
}

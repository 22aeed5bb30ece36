/** The timeline of a shift on the board, with what it shows in words under it. */
import { localTime } from '../../shared/kernel/local-time.ts';
import type { Timeline } from '../../shared/kernel/timeline.ts';
import { isQuiet, timelinePicture, timelineWords } from '../pictures/timeline-picture.ts';
import { draw } from './draw.ts';
import { shiftTimelineWords } from '../words/index.ts';

export function drawTimeline(el: HTMLElement, timeline: Timeline, zone: string): void {
  const [first = '', ...more] = timelineWords(timeline, zone);
  const box = el.createDiv({ cls: 'operary-timeline-box' });
  if (!isQuiet(timeline)) draw(box, timelinePicture(timeline, zone, Math.max(220, box.clientWidth)), () => undefined);
  box.createDiv({
    cls: 'operary-card-details',
    text: shiftTimelineWords.countedUntil(first, localTime(timeline.now, zone)),
  });
  for (const text of more) box.createDiv({ cls: 'operary-flood', text });
}

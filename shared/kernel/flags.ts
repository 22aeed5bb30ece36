/** Marks on what was recorded although something about it was out of the ordinary. Each says what a person should know, or do. */

export const FLAGS = {
  concurrent_completion: {
    says: 'Somebody else completed this too, without either knowing of the other. Both reports are kept.',
    do: 'Compare the two reports; add a note if they differ.',
    look: true,
  },
  repeat: {
    says: 'This was complete already; the further report is kept.',
    do: 'Nothing, unless the reports differ.',
    look: true,
  },
  needs_review: {
    says: 'The two reports of the same work differ.',
    do: 'A supervisor compares them and writes down which one holds.',
    look: true,
  },
  task_was_cancelled: {
    says: 'The task was cancelled meanwhile. What was done is kept beside it.',
    do: 'Tell the person; make a new task if the work must go on.',
    look: true,
  },
  task_was_reassigned: {
    says: 'The task was given to somebody else meanwhile. What was done is kept beside it.',
    do: 'Tell whoever has it now.',
    look: true,
  },
  concurrent: {
    says: 'Things had moved on when this arrived. It is kept beside the record and changed nothing.',
    do: 'Look at what happened meanwhile; do it again if it is still needed.',
    look: true,
  },
  possible_duplicate: {
    says: 'The same person said the same a moment before.',
    do: 'Nothing, if it was a double tap.',
    look: true,
  },
  evidence_pending: {
    says: 'A photo or file of this entry was still on the device when it arrived.',
    do: 'Bring the device into the network until its photos are stored.',
    look: false,
  },
  clock_suspect: {
    says: 'The clock of the device was not measured, or was wrong by more than two minutes.',
    do: 'Read its times with care; set the clock of the device.',
    look: false,
  },
  device_forked: {
    says: 'Two devices use one identity: one of them is a copy or was restored.',
    do: 'Connect the device again, so that it gets an identity of its own.',
    look: true,
  },
  from_written_off_device: {
    says: 'This came from a device that was written off.',
    do: 'A supervisor confirmed it.',
    look: true,
  },
  late: {
    says: 'This arrived after the shift was sealed and stands in its addendum.',
    do: 'The next handover tells of it.',
    look: true,
  },
} as const;

export type Flag = keyof typeof FLAGS;

/** Whether somebody should look at it: then its outcome is `flagged`, else `accepted` with a remark. */
export const needsALook = (flags: readonly string[]): boolean =>
  flags.some((flag) => (FLAGS as Readonly<Record<string, { readonly look: boolean }>>)[flag]?.look ?? true);

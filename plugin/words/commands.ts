/** The names of commands, as they stand in the palette. */

export const commandsWords = {
  board: 'Open shift board',
  report: 'Report problem',
  exportEvidence: 'Export evidence',
  verifySeal: 'Verify seal',
  showDifference: 'Show what was changed in a sealed note',
  retry: 'Retry now',
  correct: 'Correct entry',
  status: 'Show sync status',
  copyDiagnostics: 'Copy diagnostics',
  takeOver: 'Take over this device',
  lock: 'Lock this device',
  restore: 'Restore notes',
  photos: 'Show photos of this note',
  trail: 'Show audit trail of this note',
  saveTrail: 'Save trail of this note',
  fetchOlder: 'Fetch older shift',
} as const;

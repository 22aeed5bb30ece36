CREATE TABLE signed (
  org INTEGER NOT NULL, seq INTEGER NOT NULL, text TEXT NOT NULL, signature TEXT NOT NULL,
  PRIMARY KEY (org, seq)
) STRICT;
CREATE TABLE receipt (
  org INTEGER NOT NULL, device TEXT NOT NULL, device_seq INTEGER NOT NULL, n INTEGER NOT NULL, command TEXT NOT NULL, at TEXT NOT NULL,
  PRIMARY KEY (org, device, device_seq, n)
) STRICT, WITHOUT ROWID;
CREATE TABLE contact (
  org INTEGER NOT NULL, device TEXT NOT NULL, user TEXT, at TEXT, last_device_seq INTEGER NOT NULL, outbox_depth INTEGER NOT NULL,
  PRIMARY KEY (org, device)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER receipt_never_changes BEFORE UPDATE ON receipt
BEGIN SELECT RAISE(ABORT, 'L2: what is recorded in receipt never changes.'); END;
CREATE TRIGGER receipt_never_disappears BEFORE DELETE ON receipt
BEGIN SELECT RAISE(ABORT, 'L2: what is recorded in receipt never disappears.'); END;
CREATE TABLE org (no INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE event (
  org INTEGER NOT NULL, seq INTEGER NOT NULL,
  type TEXT NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL, shift TEXT, command TEXT, area TEXT,
  leaf BLOB NOT NULL,
  PRIMARY KEY (org, seq)
) STRICT;
CREATE INDEX event_subject ON event (org, subject, seq);
CREATE INDEX event_shift ON event (org, shift, seq) WHERE shift IS NOT NULL;
CREATE INDEX event_command ON event (org, command) WHERE command IS NOT NULL;
CREATE TABLE disclosure (
  org INTEGER NOT NULL, seq INTEGER NOT NULL, fields TEXT NOT NULL,
  PRIMARY KEY (org, seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE command (
  org INTEGER NOT NULL, id TEXT NOT NULL, sha256 TEXT NOT NULL, outcome TEXT NOT NULL,
  PRIMARY KEY (org, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE node (
  org INTEGER NOT NULL, size INTEGER NOT NULL, hashes BLOB NOT NULL,
  PRIMARY KEY (org, size)
) STRICT, WITHOUT ROWID;
CREATE TABLE checkpoint (
  org INTEGER NOT NULL, size INTEGER NOT NULL, note TEXT NOT NULL,
  PRIMARY KEY (org, size)
) STRICT, WITHOUT ROWID;
CREATE TABLE attestation (
  org INTEGER NOT NULL, seq INTEGER NOT NULL, n INTEGER NOT NULL, namespace TEXT NOT NULL, text TEXT NOT NULL, signature TEXT NOT NULL,
  PRIMARY KEY (org, seq, n), FOREIGN KEY (org, seq) REFERENCES event
) STRICT;
CREATE TABLE file (
  org INTEGER NOT NULL REFERENCES org, sha256 TEXT NOT NULL, bytes BLOB NOT NULL,
  PRIMARY KEY (org, sha256)
) STRICT;
CREATE TABLE follower (
  name TEXT NOT NULL, org TEXT NOT NULL, seq INTEGER NOT NULL,
  PRIMARY KEY (name, org)
) STRICT, WITHOUT ROWID;
CREATE TABLE link (
  org INTEGER NOT NULL, seq INTEGER NOT NULL, n INTEGER NOT NULL,
  from_kind TEXT NOT NULL, from_id TEXT NOT NULL, rel TEXT NOT NULL, to_kind TEXT NOT NULL, to_id TEXT NOT NULL,
  PRIMARY KEY (org, seq, n)
) STRICT, WITHOUT ROWID;
CREATE INDEX link_from ON link (org, from_id);
CREATE INDEX link_to ON link (org, to_id);
CREATE TABLE rows_made_for (register TEXT NOT NULL) STRICT;
CREATE TRIGGER event_never_changes BEFORE UPDATE OF org, seq, type, kind, subject, shift, command, leaf ON event
BEGIN SELECT RAISE(ABORT, 'L2: what is recorded in event never changes.'); END;
CREATE TRIGGER event_never_disappears BEFORE DELETE ON event
BEGIN SELECT RAISE(ABORT, 'L2: what is recorded in event never disappears.'); END;
CREATE TRIGGER node_never_changes BEFORE UPDATE OF org, size, hashes ON node
BEGIN SELECT RAISE(ABORT, 'L2: what is recorded in node never changes.'); END;
CREATE TRIGGER node_never_disappears BEFORE DELETE ON node
BEGIN SELECT RAISE(ABORT, 'L2: what is recorded in node never disappears.'); END;
CREATE TRIGGER checkpoint_never_changes BEFORE UPDATE OF org, size, note ON checkpoint
BEGIN SELECT RAISE(ABORT, 'L2: what is recorded in checkpoint never changes.'); END;
CREATE TRIGGER checkpoint_never_disappears BEFORE DELETE ON checkpoint
BEGIN SELECT RAISE(ABORT, 'L2: what is recorded in checkpoint never disappears.'); END;
CREATE TRIGGER command_never_changes BEFORE UPDATE OF org, id, sha256, outcome ON command
BEGIN SELECT RAISE(ABORT, 'L2: what is recorded in command never changes.'); END;
CREATE TRIGGER command_never_disappears BEFORE DELETE ON command
BEGIN SELECT RAISE(ABORT, 'L2: what is recorded in command never disappears.'); END;
CREATE TRIGGER attestation_never_changes BEFORE UPDATE OF org, seq, n, namespace, text, signature ON attestation
BEGIN SELECT RAISE(ABORT, 'L2: what is recorded in attestation never changes.'); END;
CREATE TRIGGER attestation_never_disappears BEFORE DELETE ON attestation
BEGIN SELECT RAISE(ABORT, 'L2: what is recorded in attestation never disappears.'); END;
CREATE TABLE "rows_orgs" (
  org INTEGER NOT NULL, key TEXT NOT NULL, number INTEGER, first INTEGER NOT NULL, seq INTEGER NOT NULL,
  "c_slug" ANY,
  value TEXT NOT NULL,
  PRIMARY KEY (org, key)
) STRICT;
CREATE INDEX "rows_orgs_first" ON "rows_orgs" (org, first);
CREATE UNIQUE INDEX "rows_orgs_number" ON "rows_orgs" (org, number) WHERE number IS NOT NULL;
CREATE INDEX "rows_orgs_c_slug" ON "rows_orgs" (org, "c_slug", first) WHERE "c_slug" IS NOT NULL;
CREATE TABLE "rows_users" (
  org INTEGER NOT NULL, key TEXT NOT NULL, number INTEGER, first INTEGER NOT NULL, seq INTEGER NOT NULL,
  "c_name" ANY,
  "c_role" ANY,
  value TEXT NOT NULL,
  PRIMARY KEY (org, key)
) STRICT;
CREATE INDEX "rows_users_first" ON "rows_users" (org, first);
CREATE UNIQUE INDEX "rows_users_number" ON "rows_users" (org, number) WHERE number IS NOT NULL;
CREATE INDEX "rows_users_c_name" ON "rows_users" (org, "c_name", first) WHERE "c_name" IS NOT NULL;
CREATE INDEX "rows_users_c_role" ON "rows_users" (org, "c_role", first) WHERE "c_role" IS NOT NULL;
CREATE TABLE "rows_tokens" (
  org INTEGER NOT NULL, key TEXT NOT NULL, number INTEGER, first INTEGER NOT NULL, seq INTEGER NOT NULL,
  "c_user" ANY,
  value TEXT NOT NULL,
  PRIMARY KEY (org, key)
) STRICT;
CREATE INDEX "rows_tokens_first" ON "rows_tokens" (org, first);
CREATE UNIQUE INDEX "rows_tokens_number" ON "rows_tokens" (org, number) WHERE number IS NOT NULL;
CREATE INDEX "rows_tokens_c_user" ON "rows_tokens" (org, "c_user", first) WHERE "c_user" IS NOT NULL;
CREATE TABLE "rows_secrets" (
  org INTEGER NOT NULL, key TEXT NOT NULL, number INTEGER, first INTEGER NOT NULL, seq INTEGER NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (org, key)
) STRICT;
CREATE INDEX "rows_secrets_first" ON "rows_secrets" (org, first);
CREATE TABLE "rows_pairing_codes" (
  org INTEGER NOT NULL, key TEXT NOT NULL, number INTEGER, first INTEGER NOT NULL, seq INTEGER NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (org, key)
) STRICT;
CREATE INDEX "rows_pairing_codes_first" ON "rows_pairing_codes" (org, first);
CREATE TABLE "rows_areas" (
  org INTEGER NOT NULL, key TEXT NOT NULL, number INTEGER, first INTEGER NOT NULL, seq INTEGER NOT NULL,
  "c_path" ANY,
  "c_due" ANY,
  value TEXT NOT NULL,
  PRIMARY KEY (org, key)
) STRICT;
CREATE INDEX "rows_areas_first" ON "rows_areas" (org, first);
CREATE UNIQUE INDEX "rows_areas_number" ON "rows_areas" (org, number) WHERE number IS NOT NULL;
CREATE INDEX "rows_areas_c_path" ON "rows_areas" (org, "c_path", first) WHERE "c_path" IS NOT NULL;
CREATE INDEX "rows_areas_c_due" ON "rows_areas" (org, "c_due", first) WHERE "c_due" IS NOT NULL;
CREATE TABLE "rows_equipment" (
  org INTEGER NOT NULL, key TEXT NOT NULL, number INTEGER, first INTEGER NOT NULL, seq INTEGER NOT NULL,
  "c_path" ANY,
  "c_level" ANY,
  "c_criticality" ANY,
  value TEXT NOT NULL,
  PRIMARY KEY (org, key)
) STRICT;
CREATE INDEX "rows_equipment_first" ON "rows_equipment" (org, first);
CREATE UNIQUE INDEX "rows_equipment_number" ON "rows_equipment" (org, number) WHERE number IS NOT NULL;
CREATE INDEX "rows_equipment_c_path" ON "rows_equipment" (org, "c_path", first) WHERE "c_path" IS NOT NULL;
CREATE INDEX "rows_equipment_c_level" ON "rows_equipment" (org, "c_level", first) WHERE "c_level" IS NOT NULL;
CREATE INDEX "rows_equipment_c_criticality" ON "rows_equipment" (org, "c_criticality", first) WHERE "c_criticality" IS NOT NULL;
CREATE TABLE "rows_equipment_aliases" (
  org INTEGER NOT NULL, key TEXT NOT NULL, number INTEGER, first INTEGER NOT NULL, seq INTEGER NOT NULL,
  "c_path" ANY,
  value TEXT NOT NULL,
  PRIMARY KEY (org, key)
) STRICT;
CREATE INDEX "rows_equipment_aliases_first" ON "rows_equipment_aliases" (org, first);
CREATE INDEX "rows_equipment_aliases_c_path" ON "rows_equipment_aliases" (org, "c_path", first) WHERE "c_path" IS NOT NULL;
CREATE TABLE "rows_devices" (
  org INTEGER NOT NULL, key TEXT NOT NULL, number INTEGER, first INTEGER NOT NULL, seq INTEGER NOT NULL,
  "c_status" ANY,
  "c_publicKey" ANY,
  value TEXT NOT NULL,
  PRIMARY KEY (org, key)
) STRICT;
CREATE INDEX "rows_devices_first" ON "rows_devices" (org, first);
CREATE UNIQUE INDEX "rows_devices_number" ON "rows_devices" (org, number) WHERE number IS NOT NULL;
CREATE INDEX "rows_devices_c_status" ON "rows_devices" (org, "c_status", first) WHERE "c_status" IS NOT NULL;
CREATE INDEX "rows_devices_c_publicKey" ON "rows_devices" (org, "c_publicKey", first) WHERE "c_publicKey" IS NOT NULL;
CREATE TABLE "rows_held" (
  org INTEGER NOT NULL, key TEXT NOT NULL, number INTEGER, first INTEGER NOT NULL, seq INTEGER NOT NULL,
  "c_status" ANY,
  "c_device" ANY,
  value TEXT NOT NULL,
  PRIMARY KEY (org, key)
) STRICT;
CREATE INDEX "rows_held_first" ON "rows_held" (org, first);
CREATE UNIQUE INDEX "rows_held_number" ON "rows_held" (org, number) WHERE number IS NOT NULL;
CREATE INDEX "rows_held_c_status" ON "rows_held" (org, "c_status", first) WHERE "c_status" IS NOT NULL;
CREATE INDEX "rows_held_c_device" ON "rows_held" (org, "c_device", first) WHERE "c_device" IS NOT NULL;
CREATE TABLE "rows_escalations" (
  org INTEGER NOT NULL, key TEXT NOT NULL, number INTEGER, first INTEGER NOT NULL, seq INTEGER NOT NULL,
  "c_area" ANY,
  "c_live" ANY,
  value TEXT NOT NULL,
  PRIMARY KEY (org, key)
) STRICT;
CREATE INDEX "rows_escalations_first" ON "rows_escalations" (org, first);
CREATE UNIQUE INDEX "rows_escalations_number" ON "rows_escalations" (org, number) WHERE number IS NOT NULL;
CREATE INDEX "rows_escalations_c_area" ON "rows_escalations" (org, "c_area", first) WHERE "c_area" IS NOT NULL;
CREATE INDEX "rows_escalations_c_live" ON "rows_escalations" (org, "c_live", first) WHERE "c_live" IS NOT NULL;
CREATE TABLE "rows_integrations" (
  org INTEGER NOT NULL, key TEXT NOT NULL, number INTEGER, first INTEGER NOT NULL, seq INTEGER NOT NULL,
  "c_kind" ANY,
  "c_pulls" ANY,
  value TEXT NOT NULL,
  PRIMARY KEY (org, key)
) STRICT;
CREATE INDEX "rows_integrations_first" ON "rows_integrations" (org, first);
CREATE UNIQUE INDEX "rows_integrations_number" ON "rows_integrations" (org, number) WHERE number IS NOT NULL;
CREATE INDEX "rows_integrations_c_kind" ON "rows_integrations" (org, "c_kind", first) WHERE "c_kind" IS NOT NULL;
CREATE INDEX "rows_integrations_c_pulls" ON "rows_integrations" (org, "c_pulls", first) WHERE "c_pulls" IS NOT NULL;
CREATE TABLE "rows_integration_secrets" (
  org INTEGER NOT NULL, key TEXT NOT NULL, number INTEGER, first INTEGER NOT NULL, seq INTEGER NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (org, key)
) STRICT;
CREATE INDEX "rows_integration_secrets_first" ON "rows_integration_secrets" (org, first);
CREATE TABLE "rows_deliveries" (
  org INTEGER NOT NULL, key TEXT NOT NULL, number INTEGER, first INTEGER NOT NULL, seq INTEGER NOT NULL,
  "c_integration" ANY,
  "c_area" ANY,
  "c_sha256" ANY,
  value TEXT NOT NULL,
  PRIMARY KEY (org, key)
) STRICT;
CREATE INDEX "rows_deliveries_first" ON "rows_deliveries" (org, first);
CREATE UNIQUE INDEX "rows_deliveries_number" ON "rows_deliveries" (org, number) WHERE number IS NOT NULL;
CREATE INDEX "rows_deliveries_c_integration" ON "rows_deliveries" (org, "c_integration", first) WHERE "c_integration" IS NOT NULL;
CREATE INDEX "rows_deliveries_c_area" ON "rows_deliveries" (org, "c_area", first) WHERE "c_area" IS NOT NULL;
CREATE INDEX "rows_deliveries_c_sha256" ON "rows_deliveries" (org, "c_sha256", first) WHERE "c_sha256" IS NOT NULL;
CREATE TABLE "rows_alarms" (
  org INTEGER NOT NULL, key TEXT NOT NULL, number INTEGER, first INTEGER NOT NULL, seq INTEGER NOT NULL,
  "c_status" ANY,
  "c_area" ANY,
  "c_active" ANY,
  "c_priority" ANY,
  "c_search" ANY,
  "c_mode" ANY,
  "c_standing" ANY,
  "c_chattering" ANY,
  "c_equipment" ANY,
  "c_conditionKey" ANY,
  "c_place" ANY,
  "c_heldBy" ANY,
  "c_cause" ANY,
  "c_due" ANY,
  value TEXT NOT NULL,
  PRIMARY KEY (org, key)
) STRICT;
CREATE INDEX "rows_alarms_first" ON "rows_alarms" (org, first);
CREATE UNIQUE INDEX "rows_alarms_number" ON "rows_alarms" (org, number) WHERE number IS NOT NULL;
CREATE INDEX "rows_alarms_c_status" ON "rows_alarms" (org, "c_status", first) WHERE "c_status" IS NOT NULL;
CREATE INDEX "rows_alarms_c_area" ON "rows_alarms" (org, "c_area", first) WHERE "c_area" IS NOT NULL;
CREATE INDEX "rows_alarms_c_active" ON "rows_alarms" (org, "c_active", first) WHERE "c_active" IS NOT NULL;
CREATE INDEX "rows_alarms_c_priority" ON "rows_alarms" (org, "c_priority", first) WHERE "c_priority" IS NOT NULL;
CREATE INDEX "rows_alarms_c_mode" ON "rows_alarms" (org, "c_mode", first) WHERE "c_mode" IS NOT NULL;
CREATE INDEX "rows_alarms_c_standing" ON "rows_alarms" (org, "c_standing", first) WHERE "c_standing" IS NOT NULL;
CREATE INDEX "rows_alarms_c_chattering" ON "rows_alarms" (org, "c_chattering", first) WHERE "c_chattering" IS NOT NULL;
CREATE INDEX "rows_alarms_c_equipment" ON "rows_alarms" (org, "c_equipment", first) WHERE "c_equipment" IS NOT NULL;
CREATE INDEX "rows_alarms_c_conditionKey" ON "rows_alarms" (org, "c_conditionKey", first) WHERE "c_conditionKey" IS NOT NULL;
CREATE INDEX "rows_alarms_c_place" ON "rows_alarms" (org, "c_place", first) WHERE "c_place" IS NOT NULL;
CREATE INDEX "rows_alarms_c_heldBy" ON "rows_alarms" (org, "c_heldBy", first) WHERE "c_heldBy" IS NOT NULL;
CREATE INDEX "rows_alarms_c_cause" ON "rows_alarms" (org, "c_cause", first) WHERE "c_cause" IS NOT NULL;
CREATE INDEX "rows_alarms_c_due" ON "rows_alarms" (org, "c_due", first) WHERE "c_due" IS NOT NULL;
CREATE TABLE "rows_occurrences" (
  org INTEGER NOT NULL, key TEXT NOT NULL, number INTEGER, first INTEGER NOT NULL, seq INTEGER NOT NULL,
  "c_condition" ANY,
  value TEXT NOT NULL,
  PRIMARY KEY (org, key)
) STRICT;
CREATE INDEX "rows_occurrences_first" ON "rows_occurrences" (org, first);
CREATE INDEX "rows_occurrences_c_condition" ON "rows_occurrences" (org, "c_condition", first) WHERE "c_condition" IS NOT NULL;
CREATE TABLE "rows_transitions" (
  org INTEGER NOT NULL, key TEXT NOT NULL, number INTEGER, first INTEGER NOT NULL, seq INTEGER NOT NULL,
  "c_delivery" ANY,
  "c_condition" ANY,
  value TEXT NOT NULL,
  PRIMARY KEY (org, key)
) STRICT;
CREATE INDEX "rows_transitions_first" ON "rows_transitions" (org, first);
CREATE INDEX "rows_transitions_c_delivery" ON "rows_transitions" (org, "c_delivery", first) WHERE "c_delivery" IS NOT NULL;
CREATE INDEX "rows_transitions_c_condition" ON "rows_transitions" (org, "c_condition", first) WHERE "c_condition" IS NOT NULL;
CREATE TABLE "rows_announcements" (
  org INTEGER NOT NULL, key TEXT NOT NULL, number INTEGER, first INTEGER NOT NULL, seq INTEGER NOT NULL,
  "c_area" ANY,
  "c_at" ANY,
  "c_class" ANY,
  value TEXT NOT NULL,
  PRIMARY KEY (org, key)
) STRICT;
CREATE INDEX "rows_announcements_first" ON "rows_announcements" (org, first);
CREATE INDEX "rows_announcements_c_area" ON "rows_announcements" (org, "c_area", first) WHERE "c_area" IS NOT NULL;
CREATE INDEX "rows_announcements_c_at" ON "rows_announcements" (org, "c_at", first) WHERE "c_at" IS NOT NULL;
CREATE INDEX "rows_announcements_c_class" ON "rows_announcements" (org, "c_class", first) WHERE "c_class" IS NOT NULL;
CREATE TABLE "rows_windows" (
  org INTEGER NOT NULL, key TEXT NOT NULL, number INTEGER, first INTEGER NOT NULL, seq INTEGER NOT NULL,
  "c_status" ANY,
  "c_equipment" ANY,
  "c_area" ANY,
  "c_live" ANY,
  "c_search" ANY,
  "c_due" ANY,
  value TEXT NOT NULL,
  PRIMARY KEY (org, key)
) STRICT;
CREATE INDEX "rows_windows_first" ON "rows_windows" (org, first);
CREATE UNIQUE INDEX "rows_windows_number" ON "rows_windows" (org, number) WHERE number IS NOT NULL;
CREATE INDEX "rows_windows_c_status" ON "rows_windows" (org, "c_status", first) WHERE "c_status" IS NOT NULL;
CREATE INDEX "rows_windows_c_equipment" ON "rows_windows" (org, "c_equipment", first) WHERE "c_equipment" IS NOT NULL;
CREATE INDEX "rows_windows_c_area" ON "rows_windows" (org, "c_area", first) WHERE "c_area" IS NOT NULL;
CREATE INDEX "rows_windows_c_live" ON "rows_windows" (org, "c_live", first) WHERE "c_live" IS NOT NULL;
CREATE INDEX "rows_windows_c_due" ON "rows_windows" (org, "c_due", first) WHERE "c_due" IS NOT NULL;
CREATE TABLE "rows_tasks" (
  org INTEGER NOT NULL, key TEXT NOT NULL, number INTEGER, first INTEGER NOT NULL, seq INTEGER NOT NULL,
  "c_status" ANY,
  "c_area" ANY,
  "c_assignee" ANY,
  "c_priority" ANY,
  "c_class" ANY,
  "c_shift" ANY,
  "c_finishedIn" ANY,
  "c_completedIn" ANY,
  "c_condition" ANY,
  "c_liveFor" ANY,
  "c_closedFor" ANY,
  "c_occurrence" ANY,
  "c_live" ANY,
  "c_flagged" ANY,
  "c_awaitsFiles" ANY,
  "c_todo" ANY,
  "c_unheard" ANY,
  "c_search" ANY,
  "c_due" ANY,
  value TEXT NOT NULL,
  PRIMARY KEY (org, key)
) STRICT;
CREATE INDEX "rows_tasks_first" ON "rows_tasks" (org, first);
CREATE UNIQUE INDEX "rows_tasks_number" ON "rows_tasks" (org, number) WHERE number IS NOT NULL;
CREATE INDEX "rows_tasks_c_status" ON "rows_tasks" (org, "c_status", first) WHERE "c_status" IS NOT NULL;
CREATE INDEX "rows_tasks_c_area" ON "rows_tasks" (org, "c_area", first) WHERE "c_area" IS NOT NULL;
CREATE INDEX "rows_tasks_c_assignee" ON "rows_tasks" (org, "c_assignee", first) WHERE "c_assignee" IS NOT NULL;
CREATE INDEX "rows_tasks_c_priority" ON "rows_tasks" (org, "c_priority", first) WHERE "c_priority" IS NOT NULL;
CREATE INDEX "rows_tasks_c_class" ON "rows_tasks" (org, "c_class", first) WHERE "c_class" IS NOT NULL;
CREATE INDEX "rows_tasks_c_shift" ON "rows_tasks" (org, "c_shift", first) WHERE "c_shift" IS NOT NULL;
CREATE INDEX "rows_tasks_c_finishedIn" ON "rows_tasks" (org, "c_finishedIn", first) WHERE "c_finishedIn" IS NOT NULL;
CREATE INDEX "rows_tasks_c_completedIn" ON "rows_tasks" (org, "c_completedIn", first) WHERE "c_completedIn" IS NOT NULL;
CREATE INDEX "rows_tasks_c_condition" ON "rows_tasks" (org, "c_condition", first) WHERE "c_condition" IS NOT NULL;
CREATE INDEX "rows_tasks_c_liveFor" ON "rows_tasks" (org, "c_liveFor", first) WHERE "c_liveFor" IS NOT NULL;
CREATE INDEX "rows_tasks_c_closedFor" ON "rows_tasks" (org, "c_closedFor", first) WHERE "c_closedFor" IS NOT NULL;
CREATE INDEX "rows_tasks_c_occurrence" ON "rows_tasks" (org, "c_occurrence", first) WHERE "c_occurrence" IS NOT NULL;
CREATE INDEX "rows_tasks_c_live" ON "rows_tasks" (org, "c_live", first) WHERE "c_live" IS NOT NULL;
CREATE INDEX "rows_tasks_c_flagged" ON "rows_tasks" (org, "c_flagged", first) WHERE "c_flagged" IS NOT NULL;
CREATE INDEX "rows_tasks_c_awaitsFiles" ON "rows_tasks" (org, "c_awaitsFiles", first) WHERE "c_awaitsFiles" IS NOT NULL;
CREATE INDEX "rows_tasks_c_todo" ON "rows_tasks" (org, "c_todo", first) WHERE "c_todo" IS NOT NULL;
CREATE INDEX "rows_tasks_c_unheard" ON "rows_tasks" (org, "c_unheard", first) WHERE "c_unheard" IS NOT NULL;
CREATE INDEX "rows_tasks_c_due" ON "rows_tasks" (org, "c_due", first) WHERE "c_due" IS NOT NULL;
CREATE TABLE "rows_orders" (
  org INTEGER NOT NULL, key TEXT NOT NULL, number INTEGER, first INTEGER NOT NULL, seq INTEGER NOT NULL,
  "c_status" ANY,
  "c_area" ANY,
  "c_integration" ANY,
  "c_orderId" ANY,
  "c_task" ANY,
  "c_delivery" ANY,
  "c_search" ANY,
  value TEXT NOT NULL,
  PRIMARY KEY (org, key)
) STRICT;
CREATE INDEX "rows_orders_first" ON "rows_orders" (org, first);
CREATE UNIQUE INDEX "rows_orders_number" ON "rows_orders" (org, number) WHERE number IS NOT NULL;
CREATE INDEX "rows_orders_c_status" ON "rows_orders" (org, "c_status", first) WHERE "c_status" IS NOT NULL;
CREATE INDEX "rows_orders_c_area" ON "rows_orders" (org, "c_area", first) WHERE "c_area" IS NOT NULL;
CREATE INDEX "rows_orders_c_integration" ON "rows_orders" (org, "c_integration", first) WHERE "c_integration" IS NOT NULL;
CREATE INDEX "rows_orders_c_orderId" ON "rows_orders" (org, "c_orderId", first) WHERE "c_orderId" IS NOT NULL;
CREATE INDEX "rows_orders_c_task" ON "rows_orders" (org, "c_task", first) WHERE "c_task" IS NOT NULL;
CREATE INDEX "rows_orders_c_delivery" ON "rows_orders" (org, "c_delivery", first) WHERE "c_delivery" IS NOT NULL;
CREATE TABLE "rows_incidents" (
  org INTEGER NOT NULL, key TEXT NOT NULL, number INTEGER, first INTEGER NOT NULL, seq INTEGER NOT NULL,
  "c_status" ANY,
  "c_kind" ANY,
  "c_area" ANY,
  "c_priority" ANY,
  "c_class" ANY,
  "c_flood" ANY,
  "c_resolvedIn" ANY,
  "c_search" ANY,
  "c_due" ANY,
  value TEXT NOT NULL,
  PRIMARY KEY (org, key)
) STRICT;
CREATE INDEX "rows_incidents_first" ON "rows_incidents" (org, first);
CREATE UNIQUE INDEX "rows_incidents_number" ON "rows_incidents" (org, number) WHERE number IS NOT NULL;
CREATE INDEX "rows_incidents_c_status" ON "rows_incidents" (org, "c_status", first) WHERE "c_status" IS NOT NULL;
CREATE INDEX "rows_incidents_c_kind" ON "rows_incidents" (org, "c_kind", first) WHERE "c_kind" IS NOT NULL;
CREATE INDEX "rows_incidents_c_area" ON "rows_incidents" (org, "c_area", first) WHERE "c_area" IS NOT NULL;
CREATE INDEX "rows_incidents_c_priority" ON "rows_incidents" (org, "c_priority", first) WHERE "c_priority" IS NOT NULL;
CREATE INDEX "rows_incidents_c_class" ON "rows_incidents" (org, "c_class", first) WHERE "c_class" IS NOT NULL;
CREATE INDEX "rows_incidents_c_flood" ON "rows_incidents" (org, "c_flood", first) WHERE "c_flood" IS NOT NULL;
CREATE INDEX "rows_incidents_c_resolvedIn" ON "rows_incidents" (org, "c_resolvedIn", first) WHERE "c_resolvedIn" IS NOT NULL;
CREATE INDEX "rows_incidents_c_due" ON "rows_incidents" (org, "c_due", first) WHERE "c_due" IS NOT NULL;
CREATE TABLE "rows_incident_items" (
  org INTEGER NOT NULL, key TEXT NOT NULL, number INTEGER, first INTEGER NOT NULL, seq INTEGER NOT NULL,
  "c_incident" ANY,
  value TEXT NOT NULL,
  PRIMARY KEY (org, key)
) STRICT;
CREATE INDEX "rows_incident_items_first" ON "rows_incident_items" (org, first);
CREATE INDEX "rows_incident_items_c_incident" ON "rows_incident_items" (org, "c_incident", first) WHERE "c_incident" IS NOT NULL;
CREATE TABLE "rows_shifts" (
  org INTEGER NOT NULL, key TEXT NOT NULL, number INTEGER, first INTEGER NOT NULL, seq INTEGER NOT NULL,
  "c_status" ANY,
  "c_area" ANY,
  "c_from" ANY,
  "c_ends" ANY,
  "c_unaccepted" ANY,
  "c_late" ANY,
  "c_search" ANY,
  "c_due" ANY,
  value TEXT NOT NULL,
  PRIMARY KEY (org, key)
) STRICT;
CREATE INDEX "rows_shifts_first" ON "rows_shifts" (org, first);
CREATE UNIQUE INDEX "rows_shifts_number" ON "rows_shifts" (org, number) WHERE number IS NOT NULL;
CREATE INDEX "rows_shifts_c_status" ON "rows_shifts" (org, "c_status", first) WHERE "c_status" IS NOT NULL;
CREATE INDEX "rows_shifts_c_area" ON "rows_shifts" (org, "c_area", first) WHERE "c_area" IS NOT NULL;
CREATE INDEX "rows_shifts_c_from" ON "rows_shifts" (org, "c_from", first) WHERE "c_from" IS NOT NULL;
CREATE INDEX "rows_shifts_c_ends" ON "rows_shifts" (org, "c_ends", first) WHERE "c_ends" IS NOT NULL;
CREATE INDEX "rows_shifts_c_unaccepted" ON "rows_shifts" (org, "c_unaccepted", first) WHERE "c_unaccepted" IS NOT NULL;
CREATE INDEX "rows_shifts_c_late" ON "rows_shifts" (org, "c_late", first) WHERE "c_late" IS NOT NULL;
CREATE INDEX "rows_shifts_c_due" ON "rows_shifts" (org, "c_due", first) WHERE "c_due" IS NOT NULL;
CREATE TABLE "rows_contacts" (
  org INTEGER NOT NULL, key TEXT NOT NULL, number INTEGER, first INTEGER NOT NULL, seq INTEGER NOT NULL,
  "c_user" ANY,
  value TEXT NOT NULL,
  PRIMARY KEY (org, key)
) STRICT;
CREATE INDEX "rows_contacts_first" ON "rows_contacts" (org, first);
CREATE UNIQUE INDEX "rows_contacts_number" ON "rows_contacts" (org, number) WHERE number IS NOT NULL;
CREATE INDEX "rows_contacts_c_user" ON "rows_contacts" (org, "c_user", first) WHERE "c_user" IS NOT NULL;
CREATE TABLE "rows_wordings" (
  org INTEGER NOT NULL, key TEXT NOT NULL, number INTEGER, first INTEGER NOT NULL, seq INTEGER NOT NULL,
  "c_channel" ANY,
  "c_retired" ANY,
  value TEXT NOT NULL,
  PRIMARY KEY (org, key)
) STRICT;
CREATE INDEX "rows_wordings_first" ON "rows_wordings" (org, first);
CREATE UNIQUE INDEX "rows_wordings_number" ON "rows_wordings" (org, number) WHERE number IS NOT NULL;
CREATE INDEX "rows_wordings_c_channel" ON "rows_wordings" (org, "c_channel", first) WHERE "c_channel" IS NOT NULL;
CREATE INDEX "rows_wordings_c_retired" ON "rows_wordings" (org, "c_retired", first) WHERE "c_retired" IS NOT NULL;
CREATE TABLE "rows_notices" (
  org INTEGER NOT NULL, key TEXT NOT NULL, number INTEGER, first INTEGER NOT NULL, seq INTEGER NOT NULL,
  "c_user" ANY,
  "c_status" ANY,
  "c_area" ANY,
  value TEXT NOT NULL,
  PRIMARY KEY (org, key)
) STRICT;
CREATE INDEX "rows_notices_first" ON "rows_notices" (org, first);
CREATE UNIQUE INDEX "rows_notices_number" ON "rows_notices" (org, number) WHERE number IS NOT NULL;
CREATE INDEX "rows_notices_c_user" ON "rows_notices" (org, "c_user", first) WHERE "c_user" IS NOT NULL;
CREATE INDEX "rows_notices_c_status" ON "rows_notices" (org, "c_status", first) WHERE "c_status" IS NOT NULL;
CREATE INDEX "rows_notices_c_area" ON "rows_notices" (org, "c_area", first) WHERE "c_area" IS NOT NULL;
CREATE TABLE "rows_webhooks" (
  org INTEGER NOT NULL, key TEXT NOT NULL, number INTEGER, first INTEGER NOT NULL, seq INTEGER NOT NULL,
  "c_status" ANY,
  value TEXT NOT NULL,
  PRIMARY KEY (org, key)
) STRICT;
CREATE INDEX "rows_webhooks_first" ON "rows_webhooks" (org, first);
CREATE UNIQUE INDEX "rows_webhooks_number" ON "rows_webhooks" (org, number) WHERE number IS NOT NULL;
CREATE INDEX "rows_webhooks_c_status" ON "rows_webhooks" (org, "c_status", first) WHERE "c_status" IS NOT NULL;
CREATE TABLE "rows_schedules" (
  org INTEGER NOT NULL, key TEXT NOT NULL, number INTEGER, first INTEGER NOT NULL, seq INTEGER NOT NULL,
  "c_status" ANY,
  "c_area" ANY,
  "c_hourly" ANY,
  "c_search" ANY,
  "c_due" ANY,
  value TEXT NOT NULL,
  PRIMARY KEY (org, key)
) STRICT;
CREATE INDEX "rows_schedules_first" ON "rows_schedules" (org, first);
CREATE UNIQUE INDEX "rows_schedules_number" ON "rows_schedules" (org, number) WHERE number IS NOT NULL;
CREATE INDEX "rows_schedules_c_status" ON "rows_schedules" (org, "c_status", first) WHERE "c_status" IS NOT NULL;
CREATE INDEX "rows_schedules_c_area" ON "rows_schedules" (org, "c_area", first) WHERE "c_area" IS NOT NULL;
CREATE INDEX "rows_schedules_c_hourly" ON "rows_schedules" (org, "c_hourly", first) WHERE "c_hourly" IS NOT NULL;
CREATE INDEX "rows_schedules_c_due" ON "rows_schedules" (org, "c_due", first) WHERE "c_due" IS NOT NULL;
CREATE TABLE doc (
  org TEXT NOT NULL, entity TEXT NOT NULL, epoch INTEGER NOT NULL, sealed_seq INTEGER, state BLOB, updates INTEGER,
  PRIMARY KEY (org, entity)
) STRICT;
CREATE TABLE doc_update (
  org TEXT NOT NULL, entity TEXT NOT NULL, epoch INTEGER NOT NULL, n INTEGER NOT NULL,
  bytes BLOB NOT NULL, sha256 TEXT NOT NULL, user TEXT NOT NULL, device TEXT, received_at TEXT NOT NULL,
  PRIMARY KEY (org, entity, epoch, n)
) STRICT;
CREATE TABLE doc_snapshot (
  org TEXT NOT NULL, entity TEXT NOT NULL, epoch INTEGER NOT NULL, upto INTEGER NOT NULL, state BLOB NOT NULL,
  PRIMARY KEY (org, entity, epoch)
) STRICT;
CREATE TABLE doc_client (
  org TEXT NOT NULL, entity TEXT NOT NULL, epoch INTEGER NOT NULL, client INTEGER NOT NULL, user TEXT NOT NULL, device TEXT,
  PRIMARY KEY (org, entity, epoch, client)
) STRICT, WITHOUT ROWID;
CREATE TABLE doc_late (
  no INTEGER PRIMARY KEY,
  org TEXT NOT NULL, entity TEXT NOT NULL, epoch INTEGER NOT NULL, bytes BLOB NOT NULL, sha256 TEXT NOT NULL,
  user TEXT NOT NULL, device TEXT, received_at TEXT NOT NULL,
  inserted TEXT NOT NULL, struck TEXT NOT NULL, context TEXT NOT NULL, entered INTEGER NOT NULL DEFAULT 0,
  UNIQUE (org, entity, sha256)
) STRICT;
CREATE INDEX doc_late_unentered ON doc_late (no) WHERE entered = 0;
CREATE TABLE outbound_lane (
  org TEXT NOT NULL, lane TEXT NOT NULL, at INTEGER NOT NULL, heeded INTEGER NOT NULL, failures INTEGER NOT NULL, not_before INTEGER NOT NULL,
  PRIMARY KEY (org, lane)
) STRICT, WITHOUT ROWID;
CREATE TABLE outbound_item (
  org TEXT NOT NULL, lane TEXT NOT NULL, id TEXT NOT NULL, seq INTEGER NOT NULL, due INTEGER NOT NULL, data TEXT NOT NULL, done INTEGER,
  PRIMARY KEY (org, lane, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX outbound_item_waiting ON outbound_item (due) WHERE done IS NULL;
CREATE INDEX outbound_item_done ON outbound_item (done) WHERE done IS NOT NULL;
CREATE TABLE outbound_attempt (
  no INTEGER PRIMARY KEY AUTOINCREMENT, org TEXT NOT NULL, lane TEXT NOT NULL,
  at TEXT NOT NULL, event TEXT NOT NULL, seq INTEGER NOT NULL, type TEXT NOT NULL, outcome TEXT NOT NULL, status INTEGER, ms INTEGER NOT NULL,
  said TEXT NOT NULL
) STRICT;
CREATE TABLE sqlite_sequence(name,seq);
CREATE INDEX outbound_attempt_lane ON outbound_attempt (org, lane, no);
CREATE TABLE intake (
  no INTEGER PRIMARY KEY,
  org TEXT NOT NULL, integration TEXT NOT NULL, id TEXT NOT NULL, received_at TEXT NOT NULL, status TEXT NOT NULL,
  code TEXT, detail TEXT, sha256 TEXT NOT NULL, via TEXT NOT NULL, headers TEXT NOT NULL, delivery TEXT, bytes BLOB NOT NULL,
  UNIQUE (org, id)
) STRICT;
CREATE INDEX intake_waiting ON intake (org, integration, no) WHERE status = 'waiting';
CREATE INDEX intake_sender ON intake (org, integration, status, no);
CREATE TABLE intake_message (
  org TEXT NOT NULL, integration TEXT NOT NULL, key TEXT NOT NULL, at INTEGER NOT NULL, delivery TEXT NOT NULL, sha256 TEXT NOT NULL,
  PRIMARY KEY (org, integration, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX intake_message_at ON intake_message (at);
CREATE TABLE intake_heard (
  org TEXT NOT NULL, integration TEXT NOT NULL, at INTEGER NOT NULL,
  PRIMARY KEY (org, integration)
) STRICT, WITHOUT ROWID;

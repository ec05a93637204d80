DROP TABLE record_receipt_stops;
DROP TABLE record_receipts;
DROP TABLE record_resumptions;
ALTER TABLE record_cosigners DROP COLUMN overruled_at;
ALTER TABLE record_cosigners DROP COLUMN claimed_root;
ALTER TABLE record_cosigners DROP COLUMN claimed;
ALTER TABLE record_cosigners DROP COLUMN cosigned_at;
ALTER TABLE record_logs DROP COLUMN doubted_at;
DROP TABLE journal_lanes;

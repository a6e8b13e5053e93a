BEGIN;
UPDATE SOURCE SET latest = NOT latest, note = 'corrected'
WHERE id IN (SELECT id FROM SOURCE WHERE client = :client_id AND id >= (SELECT floor(random() * last_value) FROM SOURCE_id_seq) ORDER BY id LIMIT 2);
INSERT INTO SOURCE (client, account, released, duties)
VALUES (:client_id, some_account(), some_day(), some_amount()), (:client_id, some_account(), some_day(), some_amount());
COMMIT;

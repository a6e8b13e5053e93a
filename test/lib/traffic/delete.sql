DELETE FROM SOURCE
WHERE id IN (SELECT id FROM SOURCE WHERE client = :client_id AND id >= (SELECT floor(random() * last_value) FROM SOURCE_id_seq) ORDER BY id LIMIT 8);

MERGE INTO SOURCE t
USING (SELECT id, released, client FROM SOURCE WHERE client = :client_id AND id >=
		(SELECT floor(random() * last_value) FROM SOURCE_id_seq) ORDER BY id LIMIT 4) o
ON t.id = o.id AND t.released = o.released AND t.client = :client_id
WHEN MATCHED AND t.id % 4 = 0 THEN DELETE
WHEN MATCHED THEN UPDATE SET duties = t.duties * 2, account = some_account()
WHEN NOT MATCHED THEN INSERT (client, account, released, duties) VALUES (:client_id, some_account(), some_day(), 1);

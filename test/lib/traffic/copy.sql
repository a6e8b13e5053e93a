COPY SOURCE (client, account, released, duties, latest) FROM 'FOLDER/:client_id.csv' (FORMAT csv);

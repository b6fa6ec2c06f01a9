#!/bin/sh
# Run once by the image, when the primary's volume is empty.
set -eu
psql --username postgres --set password="$(cat /run/secrets/replication_password)" <<'SQL'
CREATE ROLE replicator REPLICATION LOGIN PASSWORD :'password';
SQL
echo 'host replication replicator all scram-sha-256' >>"$PGDATA/pg_hba.conf"

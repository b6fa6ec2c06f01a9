#!/bin/sh
# Copies the primary into an empty volume, then follows it. The password is in a file of this container's only.
set -eu
export PGPASSFILE=/tmp/pgpass
(umask 077 && printf 'primary:5432:*:replicator:%s\n' "$(cat /run/secrets/replication_password)" >"$PGPASSFILE")
chown postgres "$PGPASSFILE" "$PGDATA"
chmod 700 "$PGDATA"
[ -s "$PGDATA/PG_VERSION" ] ||
  gosu postgres pg_basebackup --host primary --username replicator --pgdata "$PGDATA" --write-recovery-conf --checkpoint fast
exec gosu postgres postgres

#!/bin/sh
# Hand the password of the database to its driver as a file that only this user reads, then be the room.
set -eu
if [ -r /run/secrets/database_password ]; then
    umask 077
    printf '*:*:*:*:%s\n' "$(cat /run/secrets/database_password)" > /tmp/pgpass
    export PGPASSFILE=/tmp/pgpass
fi
exec toguna "$@"

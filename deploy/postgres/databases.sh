#!/usr/bin/env bash
# Run by PostgreSQL's image when it makes its cluster: the owner of the schemas, and for each service a database and a role with a
# password. `ticketshow migrate` makes the schemas and grants a role its own, nothing else.
set -euo pipefail

# make_role NAME PASSWORD [ATTRIBUTES]
make_role() {
  psql -v ON_ERROR_STOP=1 -v name="$1" -v password="$2" -Xq <<SQL
CREATE ROLE :"name" LOGIN ${3:-} PASSWORD :'password';
SQL
}

make_role ticketshow_owner "$OWNER_PASSWORD" CREATEROLE
for service in auth catalog booking payment search search_index notification bus; do
  password=${service^^}_PASSWORD
  make_role "ticketshow_$service" "${!password}"
  psql -v ON_ERROR_STOP=1 -v name="$service" -Xq <<'SQL'
CREATE DATABASE :"name" OWNER ticketshow_owner;
REVOKE CONNECT, TEMPORARY ON DATABASE :"name" FROM PUBLIC;
SQL
done

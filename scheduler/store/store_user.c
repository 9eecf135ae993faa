/* SPDX-License-Identifier: MIT */
#include "scheduler/store/store_user.h"

#include "playout/intl.h"
#include "scheduler/store/store_inner.h"

#define COLUMNS "name, role, display_name, password_hash, is_active, changed_ms, changed_by"

int store_user_put(struct store *store, const struct store_user *user)
{
    int result = store_check_name(store, _("the user's name"), user->name);
    if (result == 0) {
        result = store_check_name(store, _("the user's role"), user->role);
    }
    if (result == 0) {
        result = store_check_name(store, _("the author's name"), user->changed_by);
    }
    if (result == 0) {
        result = store_begin(store);
    }
    if (result < 0) {
        return result;
    }
    result =
        store_run(store,
                  "INSERT INTO users (" COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6, $7) "
                  "ON CONFLICT (name) DO UPDATE SET role = excluded.role, "
                  "display_name = excluded.display_name, "
                  "password_hash = excluded.password_hash, is_active = excluded.is_active, "
                  "changed_ms = excluded.changed_ms, changed_by = excluded.changed_by",
                  SQL_ARGS(sql_text(user->name), sql_text(user->role), sql_text(user->display_name),
                           sql_text(user->password_hash), sql_integer(user->is_active),
                           sql_integer(user->changed_ms), sql_text(user->changed_by)));
    return store_end(store, result);
}

int store_user_list(struct store *store, struct store_rows *rows)
{
    return store_fetch(store, "SELECT " COLUMNS " FROM users ORDER BY name", NULL, 0, rows);
}

int store_user_find(struct store *store, const char *name, struct store_rows *rows)
{
    return store_fetch(store, "SELECT " COLUMNS " FROM users WHERE name = $1",
                       SQL_ARGS(sql_text(name)), rows);
}

struct store_user store_user_at(const struct store_rows *rows, size_t row)
{
    const struct sql_value *values = store_rows_at(rows, row);
    return (struct store_user){.name = values[0].text,
                               .role = values[1].text,
                               .display_name = values[2].text,
                               .password_hash = values[3].text,
                               .is_active = values[4].integer != 0,
                               .changed_ms = values[5].integer,
                               .changed_by = values[6].text};
}

/* SPDX-License-Identifier: MIT */
/*
 * store_user: who may work with the station.
 *
 * A user is never taken away, because his name stands under approvals and
 * orders: he is made inactive.
 */
#ifndef SCHEDULER_STORE_STORE_USER_H
#define SCHEDULER_STORE_STORE_USER_H

#include "scheduler/store/store.h"

struct store_user {
    const char *name; /* to log in by */
    const char *role; /* the desk's word: what he may do */
    const char *display_name;
    const char *password_hash; /* NULL: cannot log in by password */
    bool is_active;
    int64_t changed_ms;
    const char *changed_by;
};

/* Adds a user, or writes what has become of him. */
int store_user_put(struct store *store, const struct store_user *user);

/* By name. */
int store_user_list(struct store *store, struct store_rows *rows);
/* One: no row when he is unknown. */
int store_user_find(struct store *store, const char *name, struct store_rows *rows);
struct store_user store_user_at(const struct store_rows *rows, size_t row);

#endif

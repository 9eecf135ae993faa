/* SPDX-License-Identifier: MIT */
#include "scheduler/store/store_asset.h"

#include "playout/asset.h"
#include "playout/intl.h"
#include "scheduler/store/store_inner.h"

#include <errno.h>

#define COLUMNS "house_number, version, sha256, profile, kind, created_ms, duration_frames"

static int put(struct store *store, const struct store_asset *asset, const char *author)
{
    int64_t version = 0;
    int result = store_note_house_number(store, asset->house_number, asset->created_ms, author);
    if (result == 0) {
        result = store_number(store,
                              "SELECT COALESCE(MAX(version), 0) + 1 FROM assets "
                              "WHERE house_number = $1",
                              SQL_ARGS(sql_text(asset->house_number)), &version);
    }
    if (result < 0) {
        return result;
    }
    return store_run(store,
                     "INSERT INTO assets (" COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6, $7) "
                     "ON CONFLICT (house_number, sha256) DO NOTHING",
                     SQL_ARGS(sql_text(asset->house_number), sql_integer(version),
                              sql_text(asset->sha256), sql_text(asset->profile),
                              sql_text(asset->kind), sql_integer(asset->created_ms),
                              sql_integer(asset->duration_frames)));
}

int store_asset_put(struct store *store, const struct store_asset *asset, const char *author)
{
    if (!asset_is_sha256(asset->sha256)) {
        return store_complain(store, -EINVAL, _("'%s' is no SHA-256"), asset->sha256);
    }
    int result = store_check_name(store, _("the author's name"), author);
    if (result < 0) {
        return result;
    }
    result = store_begin(store);
    if (result < 0) {
        return result;
    }
    result = put(store, asset, author);
    return store_end(store, result);
}

int store_asset_list(struct store *store, const char *house_number, struct store_rows *rows)
{
    return house_number != NULL
               ? store_fetch(store,
                             "SELECT " COLUMNS
                             " FROM assets WHERE house_number = $1 ORDER BY version",
                             SQL_ARGS(sql_text(house_number)), rows)
               : store_fetch(store, "SELECT " COLUMNS " FROM assets ORDER BY house_number, version",
                             NULL, 0, rows);
}

struct store_asset store_asset_at(const struct store_rows *rows, size_t row)
{
    const struct sql_value *values = store_rows_at(rows, row);
    return (struct store_asset){.house_number = values[0].text,
                                .version = values[1].integer,
                                .sha256 = values[2].text,
                                .profile = values[3].text,
                                .kind = values[4].text,
                                .created_ms = values[5].integer,
                                .duration_frames = values[6].integer};
}

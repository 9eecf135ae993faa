/* SPDX-License-Identifier: MIT */
/*
 * eit_tables: what the sections of a table of EIT say of each other, and the
 * tables of a service; for eit_scan alone.
 */
#ifndef TOOLS_METER_EIT_TABLES_H
#define TOOLS_METER_EIT_TABLES_H

#include "tools/meter/si_inner.h"

/* Present/following, of this transport stream or another. */
bool eit_is_pf(int table_id);

/* As what a problem of this table is told. */
enum ts_kind eit_kind(int table_id);

/* Where a table lies in si_service.tables. */
int eit_index(int table_id);

/* A table seen in the last half minute is still there; `table` may be NULL. */
bool eit_is_current(const struct si *si, const struct si_eit_table *table, int64_t end_byte);

/* Judges the sections that there are, and sorts the events by their ids. */
void eit_judge_table(const struct si *si, const struct si_service *service,
                     struct si_eit_table *table, int64_t packet);

/* Judges a judged table against all those with which that can be done now. */
void eit_judge_pairs(const struct si *si, struct si_service *service, int index, int64_t packet);

/* At the end: sections, and tables, that never came. */
void eit_judge_missing(const struct si *si, const struct si_service *service,
                       const struct si_eit_table *table, int64_t end_byte);
void eit_judge_last_table(const struct si *si, const struct si_service *service, int64_t end_byte);

#endif

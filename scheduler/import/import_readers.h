/* SPDX-License-Identifier: MIT */
/*
 * import_readers: the timetable programs whose files are understood.
 *
 * Each reader adds to the import what it understands, and tells the rest.
 * All return 0, -EBADMSG when nothing can be understood (told), -E2BIG (told)
 * or -ENOMEM.
 */
#ifndef SCHEDULER_IMPORT_READERS_H
#define SCHEDULER_IMPORT_READERS_H

#include "scheduler/import/import.h"
#include "scheduler/import/import_sheet.h"

/* WakeUp 课程表: 课程名称,星期,开始节数,结束节数,老师,地点,周数. */
bool import_wakeup_knows(const struct import_sheet *sheet);
int import_wakeup_read(struct import *import, const struct import_sheet *sheet);

/* FET: "Activity Id","Day","Hour","Students Sets","Subject","Teachers",... */
bool import_fet_knows(const struct import_sheet *sheet);
int import_fet_read(struct import *import, const struct import_request *request,
                    const struct import_sheet *sheet);

/* aSc Timetables: <timetable> with periods, daysdefs, ..., lessons, cards. */
int import_asc_read(struct import *import, const struct import_request *request, const void *bytes,
                    size_t size);

/* [{"date": "2020-05-09", "name": "劳动节", "isOffDay": false}, ...] */
int import_holidays_read(struct import *import, const void *bytes, size_t size);

#endif

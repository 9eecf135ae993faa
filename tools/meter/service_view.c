/* SPDX-License-Identifier: MIT */
#include "tools/meter/service_view.h"

#include "tools/meter/si_fields.h"

#include <stdlib.h>
#include <string.h>

enum { DESCRIPTOR_SERVICE = 0x48, DESCRIPTOR_SHORT_EVENT = 0x4d };

/* Unmarked text is GBK in China; and what says it is GB 2312 often is more. */
static const struct dvb_charsets CHARSETS = {.unmarked = "GB18030", .gb2312 = "GB18030"};

struct service_view {
    struct dvb_text *text;
    int64_t utc_s;
    int count;
    struct view_service services[VIEW_SERVICES];
};

struct service_view *service_view_create(void)
{
    struct service_view *view = calloc(1, sizeof(*view));
    if (view == NULL) {
        return NULL;
    }
    view->utc_s = -1;
    view->text = dvb_text_create(&CHARSETS);
    if (view->text == NULL) {
        free(view);
        return NULL;
    }
    return view;
}

void service_view_destroy(struct service_view *view)
{
    if (view != NULL) {
        dvb_text_destroy(view->text);
        free(view);
    }
}

void service_view_text(struct service_view *view, const uint8_t *bytes, int size,
                       char text[VIEW_TEXT])
{
    dvb_text_decode(view->text, bytes, size, text);
    for (char *at = strchr(text, '\n'); at != NULL; at = strchr(at, '\n')) {
        *at = ' ';
    }
}

static struct view_service *service_of(struct service_view *view, int service_id)
{
    for (int i = 0; i < view->count; i++) {
        if (view->services[i].service_id == service_id) {
            return &view->services[i];
        }
    }
    if (view->count == VIEW_SERVICES) {
        return NULL;
    }
    view->services[view->count] = (struct view_service){.service_id = service_id};
    return &view->services[view->count++];
}

/* The body of a descriptor in a loop, or NULL; *size is its length. */
static const uint8_t *descriptor(const uint8_t *loop, int length, int tag, int *size)
{
    for (int at = 0; at + 2 <= length && at + 2 + loop[at + 1] <= length; at += 2 + loop[at + 1]) {
        if (loop[at] == tag) {
            *size = loop[at + 1];
            return loop + at + 2;
        }
    }
    return NULL;
}

static void take_service(struct service_view *view, struct view_service *service,
                         const uint8_t *loop, int length)
{
    int size = 0;
    const uint8_t *body = descriptor(loop, length, DESCRIPTOR_SERVICE, &size);
    if (body == NULL || size < 3 || 2 + body[1] >= size || 3 + body[1] + body[2 + body[1]] > size) {
        return;
    }
    service->service_type = body[0];
    service_view_text(view, body + 2, body[1], service->provider);
    service_view_text(view, body + 3 + body[1], body[2 + body[1]], service->name);
}

static void take_sdt(struct service_view *view, const struct section *section)
{
    const int end = section->size - SECTION_CRC;
    for (int at = SECTION_HEADER + 3; at + 5 <= end;) {
        const uint8_t *entry = section->bytes + at;
        const int size = (entry[3] & 0x0f) << 8 | entry[4];
        struct view_service *service = service_of(view, entry[0] << 8 | entry[1]);
        if (service == NULL || at + 5 + size > end) {
            return;
        }
        service->is_scrambled = (entry[3] & 0x10) != 0;
        take_service(view, service, entry + 5, size);
        at += 5 + size;
    }
}

static void take_event(struct service_view *view, struct view_event *event, const uint8_t *bytes,
                       int room)
{
    const int length = (bytes[10] & 0x0f) << 8 | bytes[11];
    int size = 0;
    const uint8_t *body =
        12 + length <= room ? descriptor(bytes + 12, length, DESCRIPTOR_SHORT_EVENT, &size) : NULL;
    const int duration_s = dvb_duration(bytes + 7);
    *event = (struct view_event){
        .is_known = true,
        .start_s = dvb_utc(bytes + 2),
        .duration_s = duration_s > 0 ? duration_s : 0,
    };
    if (body != NULL && size >= 5 && 4 + body[3] <= size) {
        service_view_text(view, body + 4, body[3], event->name);
    }
}

static void take_eit(struct service_view *view, const struct section *section)
{
    const int at = SECTION_HEADER + 6;
    const int room = section->size - SECTION_CRC - at;
    const int number = section_number(section);
    struct view_service *service = service_of(view, section_extension(section));
    if (service == NULL || number > 1) {
        return;
    }
    struct view_event *event = number == 0 ? &service->now : &service->next;
    if (room < 12) {
        *event = (struct view_event){0};
    } else {
        take_event(view, event, section->bytes + at, room);
    }
}

void service_view_take(struct service_view *view, const struct section *section)
{
    const int table_id = section_table_id(section);
    if (table_id == TABLE_SDT) {
        take_sdt(view, section);
    } else if (table_id == TABLE_EIT_PF && section->size >= SECTION_HEADER + 6 + SECTION_CRC) {
        take_eit(view, section);
    } else if ((table_id == TABLE_TDT || table_id == TABLE_TOT) && section->size >= 8) {
        view->utc_s = dvb_utc(section->bytes + 3);
    }
}

const struct view_service *service_view_find(const struct service_view *view, int service_id)
{
    for (int i = 0; i < view->count; i++) {
        if (view->services[i].service_id == service_id) {
            return &view->services[i];
        }
    }
    return NULL;
}

int64_t service_view_time(const struct service_view *view)
{
    return view->utc_s;
}

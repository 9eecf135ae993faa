/* SPDX-License-Identifier: MIT */
#include "tools/meter/service_view.h"

#include "tools/meter/si_scan.h"

#include <iconv.h>
#include <stdlib.h>
#include <string.h>

enum { DESCRIPTOR_SERVICE = 0x48, DESCRIPTOR_SHORT_EVENT = 0x4d };

struct service_view {
    int64_t utc_s;
    int count;
    struct view_service services[VIEW_SERVICES];
};

struct service_view *service_view_create(void)
{
    struct service_view *view = calloc(1, sizeof(*view));
    if (view != NULL) {
        view->utc_s = -1;
    }
    return view;
}

void service_view_destroy(struct service_view *view)
{
    free(view);
}

/* The coding that the first bytes select, and how many they are.  Unmarked text is GBK in China. */
static const char *coding_of(const uint8_t *bytes, int size, int *selector, char name[16])
{
    *selector = 0;
    if (bytes[0] >= 0x20) {
        return "GB18030";
    }
    *selector = 1;
    if (bytes[0] == 0x10 && size >= 3) {
        *selector = 3;
        snprintf(name, 16, "ISO-8859-%d", bytes[2]);
        return name;
    }
    if (bytes[0] <= 0x0b) {
        snprintf(name, 16, "ISO-8859-%d", bytes[0] + 4);
        return name;
    }
    switch (bytes[0]) {
    case 0x11:
        return "UCS-2BE";
    case 0x13:
        return "GB18030";
    case 0x14:
        return "BIG5";
    case 0x15:
        return "UTF-8";
    default:
        return "ISO-8859-1";
    }
}

/* What iconv makes of it; a byte that it does not take becomes U+FFFD. */
static void convert(iconv_t cd, char *in, size_t in_left, char *out, size_t room)
{
    static const char REPLACEMENT[] = "\xef\xbf\xbd";
    size_t out_left = room - 1;
    while (in_left > 0 && iconv(cd, &in, &in_left, &out, &out_left) == (size_t)-1 && in_left > 0 &&
           out_left >= sizeof(REPLACEMENT)) {
        memcpy(out, REPLACEMENT, sizeof(REPLACEMENT) - 1);
        out += sizeof(REPLACEMENT) - 1;
        out_left -= sizeof(REPLACEMENT) - 1;
        in++;
        in_left--;
    }
    *out = '\0';
}

/* Control characters would harm a terminal. */
static void drop_controls(char *text)
{
    char *out = text;
    for (const char *in = text; *in != '\0'; in++) {
        if ((unsigned char)*in >= 0x20 && *in != 0x7f) {
            *out++ = *in;
        }
    }
    *out = '\0';
}

void service_view_text(const uint8_t *bytes, int size, char *text, size_t room)
{
    char name[16];
    char copy[VIEW_TEXT];
    int selector = 0;
    text[0] = '\0';
    if (size <= 0 || size > (int)sizeof(copy)) {
        return;
    }
    const char *coding = coding_of(bytes, size, &selector, name);
    memcpy(copy, bytes, (size_t)size);
    iconv_t cd = iconv_open("UTF-8", coding);
    if (cd == (iconv_t)-1) {
        return;
    }
    convert(cd, copy + selector, (size_t)(size - selector), text, room);
    iconv_close(cd);
    drop_controls(text);
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

static void take_service(struct view_service *service, const uint8_t *loop, int length)
{
    int size = 0;
    const uint8_t *body = descriptor(loop, length, DESCRIPTOR_SERVICE, &size);
    if (body == NULL || size < 3 || 2 + body[1] >= size || 3 + body[1] + body[2 + body[1]] > size) {
        return;
    }
    service->service_type = body[0];
    service_view_text(body + 2, body[1], service->provider, sizeof(service->provider));
    service_view_text(body + 3 + body[1], body[2 + body[1]], service->name, sizeof(service->name));
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
        take_service(service, entry + 5, size);
        at += 5 + size;
    }
}

static int bcd(int byte)
{
    return (byte >> 4) * 10 + (byte & 0x0f);
}

static void take_event(struct view_event *event, const uint8_t *bytes, int room)
{
    const int length = (bytes[10] & 0x0f) << 8 | bytes[11];
    int size = 0;
    const uint8_t *body =
        12 + length <= room ? descriptor(bytes + 12, length, DESCRIPTOR_SHORT_EVENT, &size) : NULL;
    *event = (struct view_event){
        .is_known = true,
        .start_s = dvb_utc(bytes + 2),
        .duration_s = (bcd(bytes[7]) * 60 + bcd(bytes[8])) * 60 + bcd(bytes[9]),
    };
    if (body != NULL && size >= 5 && 4 + body[3] <= size) {
        service_view_text(body + 4, body[3], event->name, sizeof(event->name));
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
        take_event(event, section->bytes + at, room);
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

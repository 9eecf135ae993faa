/* SPDX-License-Identifier: MIT */
#include "tools/meter/si_view.h"

#include "tools/meter/si_inner.h"

#include <stddef.h>
#include <string.h>

struct name {
    int value;
    const char *text;
};

static const struct name STREAM_TYPES[] = {
    {0x01, "MPEG-1 video"}, {0x02, "MPEG-2 video"}, {0x03, "MPEG-1 audio"}, {0x04, "MPEG-2 audio"},
    {0x05, "sections"},     {0x06, "private data"}, {0x0f, "AAC"},          {0x11, "AAC LATM"},
    {0x1b, "H.264"},        {0x24, "HEVC"},         {0x42, "AVS"},          {0x81, "AC-3 (ATSC)"},
    {0xd2, "AVS2"},         {0xd4, "AVS3"},
};

static const struct name CODINGS[] = {
    {DESCRIPTOR_AC3, "AC-3"},
    {DESCRIPTOR_EAC3, "E-AC-3"},
    {DESCRIPTOR_TELETEXT, "teletext"},
    {DESCRIPTOR_SUBTITLING, "subtitles"},
};

static const char *look_up(const struct name *names, size_t count, int value)
{
    for (size_t i = 0; i < count; i++) {
        if (names[i].value == value) {
            return names[i].text;
        }
    }
    return "";
}

static const char *name_of_stream_type(int stream_type)
{
    return look_up(STREAM_TYPES, sizeof(STREAM_TYPES) / sizeof(STREAM_TYPES[0]), stream_type);
}

const char *si_view_codec(const struct psi_stream *stream)
{
    const char *coding = look_up(CODINGS, sizeof(CODINGS) / sizeof(CODINGS[0]), stream->coding);
    return coding[0] != '\0' ? coding : name_of_stream_type(stream->stream_type);
}

static const char *text_or_nothing(const char *text)
{
    return text != NULL ? text : "";
}

static struct si_view_event event_of(const struct si_service *service, int number)
{
    const struct si_eit_table *table = service != NULL ? service->tables[0] : NULL;
    const struct si_eit_section *section = table != NULL ? table->sections[number] : NULL;
    if (section == NULL || section->count == 0) {
        return (struct si_view_event){.name = "", .text = ""};
    }
    const struct si_event *event = &section->events[0];
    return (struct si_view_event){
        .is_there = true,
        .event_id = event->id,
        .running_status = event->status,
        .start_s = event->start_s,
        .duration_s = event->duration_s,
        .name = text_or_nothing(event->name),
        .text = text_or_nothing(event->text),
    };
}

static int count_schedule(const struct si_service *service)
{
    int count = 0;
    for (int i = 1; service != NULL && i < SI_TABLES; i++) {
        for (int k = 0; service->tables[i] != NULL && k < SI_NUMBERS; k++) {
            const struct si_eit_section *section = service->tables[i]->sections[k];
            count += section != NULL ? section->count : 0;
        }
    }
    return count;
}

static int channel_number(const struct si *si, int service_id)
{
    const struct si_transport *own = si_own_transport(si);
    for (int i = 0; own != NULL && i < own->service_count; i++) {
        if (own->services[i].service_id == service_id) {
            return own->services[i].channel_number;
        }
    }
    return -1;
}

static const struct si_service *own_service(const struct si *si, int service_id)
{
    for (int i = 0; i < si->service_count; i++) {
        if (si->services[i]->service_id == service_id && !si->services[i]->is_other) {
            return si->services[i];
        }
    }
    return NULL;
}

static void set_programme(struct si_view_service *out, const struct psi_programme *programme)
{
    out->is_in_pat = programme != NULL;
    out->pmt_pid = programme != NULL ? programme->pmt_pid : -1;
    out->pcr_pid = programme != NULL && programme->has_pmt ? programme->pcr_pid : -1;
    if (programme == NULL || !programme->has_pmt) {
        return;
    }
    for (int i = 0; i < programme->stream_count && i < SI_VIEW_STREAMS; i++) {
        const struct psi_stream *stream = &programme->streams[i];
        struct si_view_stream *shown = &out->streams[out->stream_count++];
        shown->pid = stream->pid;
        shown->stream_type = stream->stream_type;
        shown->component_tag = stream->component_tag;
        shown->codec = si_view_codec(stream);
        memcpy(shown->language, stream->language, sizeof(shown->language));
    }
}

bool si_view_service_of(const struct si_view *view, int service_id, struct si_view_service *out)
{
    const struct psi_programme *programme = psi_programme(view->psi, service_id);
    const struct si_service *service = own_service(view->si, service_id);
    if (programme == NULL && service == NULL) {
        return false;
    }
    *out = (struct si_view_service){
        .service_id = service_id,
        .is_in_sdt = service != NULL && service->is_in_sdt,
        .service_type = service != NULL ? service->service_type : -1,
        .running_status = service != NULL ? service->running_status : 0,
        .is_scrambled = service != NULL && service->is_scrambled,
        .name = text_or_nothing(service != NULL ? service->name : NULL),
        .provider = text_or_nothing(service != NULL ? service->provider : NULL),
        .channel_number = channel_number(view->si, service_id),
        .schedule_events = count_schedule(service),
        .now = event_of(service, 0),
        .next = event_of(service, 1),
    };
    set_programme(out, programme);
    return true;
}

/* The least id of a service above `id`; -1: there is none. */
static int next_id(const struct si_view *view, int id)
{
    int next = -1;
    for (int i = 0; i < view->psi->programme_count; i++) {
        const int number = view->psi->programmes[i].number;
        next = number > id && (next < 0 || number < next) ? number : next;
    }
    for (int i = 0; i < view->si->service_count; i++) {
        const struct si_service *service = view->si->services[i];
        const int number = service->service_id;
        if (!service->is_other && number > id && (next < 0 || number < next)) {
            next = number;
        }
    }
    return next;
}

bool si_view_service(const struct si_view *view, int i, struct si_view_service *service)
{
    int id = next_id(view, -1);
    while (id >= 0 && i-- > 0) {
        id = next_id(view, id);
    }
    return id >= 0 && si_view_service_of(view, id, service);
}

void si_view_network(const struct si_view *view, struct si_view_network *out)
{
    const struct si *si = view->si;
    const struct si_transport *own = si_own_transport(si);
    const bool has_cable = own != NULL && own->has_cable;
    *out = (struct si_view_network){
        .transport_stream_id = view->psi->has_pat ? view->psi->transport_stream_id : -1,
        .original_network_id = si->original_network_id,
        .network_id = si->network.is_known ? si->network.network_id : -1,
        .name = text_or_nothing(si->network.name),
        .frequency_hz = has_cable ? own->frequency_hz : -1,
        .symbol_rate_baud = has_cable ? own->symbol_rate_baud : -1,
        .modulation = has_cable ? own->modulation : -1,
    };
}

void si_view_time(const struct si_view *view, struct si_view_time *out)
{
    const struct si_clock *clock = &view->si->clock;
    *out = (struct si_view_time){
        .is_known = clock->is_known,
        .utc_s = clock->utc_s,
        .packet = clock->packet,
        .has_offset = clock->has_offset,
        .offset_minutes = clock->offset_minutes,
    };
    memcpy(out->country, clock->country, sizeof(out->country));
}

static void set_integer(json_t *object, const char *key, int64_t value)
{
    if (value >= 0) {
        json_object_set_new(object, key, json_integer(value));
    }
}

static json_t *event_json(const struct si_view_event *event)
{
    return event->is_there ? json_pack("{s:i, s:i, s:I, s:i, s:s, s:s}", "event_id",
                                       event->event_id, "running_status", event->running_status,
                                       "start", (json_int_t)event->start_s, "duration",
                                       event->duration_s, "name", event->name, "text", event->text)
                           : json_null();
}

static json_t *streams_json(const struct si_view_service *service)
{
    json_t *array = json_array();
    for (int i = 0; i < service->stream_count; i++) {
        const struct si_view_stream *stream = &service->streams[i];
        json_t *object =
            json_pack("{s:i, s:i, s:s, s:s}", "pid", stream->pid, "stream_type",
                      stream->stream_type, "codec", stream->codec, "language", stream->language);
        set_integer(object, "component_tag", stream->component_tag);
        json_array_append_new(array, object);
    }
    return array;
}

static json_t *service_json(const struct si_view_service *service)
{
    json_t *object =
        json_pack("{s:i, s:b, s:b, s:i, s:b, s:s, s:s, s:i, s:o, s:o, s:o}", "service_id",
                  service->service_id, "in_pat", service->is_in_pat, "in_sdt", service->is_in_sdt,
                  "running_status", service->running_status, "scrambled", service->is_scrambled,
                  "name", service->name, "provider", service->provider, "schedule_events",
                  service->schedule_events, "streams", streams_json(service), "now",
                  event_json(&service->now), "next", event_json(&service->next));
    set_integer(object, "service_type", service->service_type);
    set_integer(object, "channel_number", service->channel_number);
    set_integer(object, "pmt_pid", service->pmt_pid);
    set_integer(object, "pcr_pid", service->pcr_pid);
    return object;
}

static json_t *network_json(const struct si_view *view)
{
    struct si_view_network network;
    si_view_network(view, &network);
    json_t *object = json_pack("{s:s}", "name", network.name);
    set_integer(object, "transport_stream_id", network.transport_stream_id);
    set_integer(object, "original_network_id", network.original_network_id);
    set_integer(object, "network_id", network.network_id);
    set_integer(object, "frequency_hz", network.frequency_hz);
    set_integer(object, "symbol_rate_baud", network.symbol_rate_baud);
    set_integer(object, "modulation", network.modulation);
    return object;
}

static json_t *time_json(const struct si_view *view)
{
    struct si_view_time time;
    si_view_time(view, &time);
    if (!time.is_known) {
        return json_null();
    }
    json_t *object =
        json_pack("{s:I, s:I}", "utc", (json_int_t)time.utc_s, "packet", (json_int_t)time.packet);
    if (time.has_offset) {
        json_object_set_new(object, "country", json_string(time.country));
        json_object_set_new(object, "offset_minutes", json_integer(time.offset_minutes));
    }
    return object;
}

json_t *si_view_json(const struct si_view *view)
{
    json_t *services = json_array();
    struct si_view_service service;
    for (int i = 0; si_view_service(view, i, &service); i++) {
        json_array_append_new(services, service_json(&service));
    }
    return json_pack("{s:o, s:o, s:o}", "network", network_json(view), "time", time_json(view),
                     "services", services);
}

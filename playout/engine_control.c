/* SPDX-License-Identifier: MIT */
/* engine_control: the commands of the control socket. */
#include "playout/engine_inner.h"

#include "playout/intl.h"
#include "playout/station_names.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int64_t resident_bytes(void)
{
    long long pages = 0;
    FILE *file = fopen("/proc/self/statm", "re");
    if (file != NULL) {
        if (fscanf(file, "%*s %lld", &pages) != 1) {
            pages = 0;
        }
        fclose(file);
    }
    return pages * sysconf(_SC_PAGESIZE);
}

static json_t *clock_json(const struct engine *engine)
{
    const struct air_clock *clock = air_clock_of(engine->air);
    return json_pack("{s:b, s:b, s:b, s:I}", "synchronised", system_clock_is_synchronised(),
                     "trusted", engine->is_trusting, "plan_on_air", engine->has_time, "offset_ns",
                     (json_int_t)clock->error_ns);
}

/* The services of a transport that stays off the air. */
static void append_absentee(json_t *list, const struct absentee *absentee)
{
    const struct transport *transport = absentee->transport;
    for (size_t i = 0; i < transport->service_count; i++) {
        const struct service *service = &transport->services[i];
        json_array_append_new(list,
                              json_pack("{s:s, s:s, s:s, s:b, s:[{s:s, s:s}]}", "name",
                                        service->name, "title", service->title, "transport",
                                        transport->name, "on_air", 0, "alarms", "alarm", "off_air",
                                        "text", absentee->reason != NULL ? absentee->reason : "?"));
    }
}

static json_t *channels_json(const struct engine *engine)
{
    struct moment now;
    json_t *list = json_array();
    air_moment(engine->air, &now);
    size_t lane = 0;
    struct channel *one = NULL;
    for (size_t i = 0; (one = engine_channel(engine, i, &lane)) != NULL; i++) {
        int last_error = 0;
        json_t *channel = channel_status(one, &now);
        const uint64_t errors = outputs_errors(engine->outputs, lane, &last_error);
        json_object_set_new(channel, "outputs", engine_outputs_json(engine, lane));
        json_object_set_new(channel, "send_errors", json_integer((json_int_t)errors));
        if (last_error != 0) {
            json_object_set_new(channel, "last_send_error", json_string(strerror(last_error)));
        }
        json_array_append_new(list, channel);
    }
    for (size_t i = 0; i < engine->absentee_count; i++) {
        append_absentee(list, &engine->absentees[i]);
    }
    return list;
}

static json_t *status(const struct engine *engine)
{
    const int64_t now_ms = engine_ms();
    struct moment now;
    air_moment(engine->air, &now);
    return json_pack("{s:b, s:s, s:I, s:I, s:I, s:b, s:I, s:s, s:o, s:o, s:o}", "ok", 1, "version",
                     engine->version, "pid", (json_int_t)getpid(), "uptime_s",
                     (json_int_t)(now_ms - engine->started_ms) / 1000, "memory_bytes",
                     (json_int_t)resident_bytes(), "realtime", air_is_realtime(engine->air),
                     "frame", (json_int_t)now.frame, "time_zone", engine->station->time_zone,
                     "clock", clock_json(engine), "channels", channels_json(engine), "alarms",
                     alarms_json(&engine->alarms, now_ms));
}

/* Silences a transport, or one channel where it has its transport to itself. */
static json_t *mute(struct engine *engine, const json_t *request, bool is_muted)
{
    const char *name = json_string_value(json_object_get(request, "channel"));
    char text[STATION_NAMES_SIZE];
    size_t lane = 0;
    struct channel *channel = NULL;
    struct channel *chosen = NULL;
    for (size_t i = 0; name != NULL && (channel = engine_channel(engine, i, &lane)) != NULL; i++) {
        const struct transport *transport = channel_service(channel)->transport;
        if (strcmp(transport->name, name) == 0) {
            chosen = engine->multiplexes[lane].channels[0];
            break;
        }
        if (strcmp(channel_name(channel), name) == 0) {
            if (transport->service_count > 1) {
                snprintf(text, sizeof(text),
                         _("'%s' shares transport '%s' with %zu others, which would be silenced "
                           "too: name the transport to do so, or cut the channel to the slate"),
                         name, transport->name, transport->service_count - 1);
                return control_error(text);
            }
            chosen = channel;
        }
    }
    if (chosen == NULL && name != NULL && station_service(engine->station, name) != NULL) {
        snprintf(text, sizeof(text), _("channel '%s' is not on the air"), name);
        return control_error(text);
    }
    if (chosen == NULL) {
        return control_error(station_names_complain(engine->station, name, text));
    }
    struct moment now;
    air_moment(engine->air, &now);
    intl_speak(NULL); /* its alarm is for everyone */
    const int result = channel_mute(chosen, &now, is_muted);
    intl_speak(json_string_value(json_object_get(request, "language")));
    if (result < 0) {
        snprintf(text, sizeof(text), _("done, but it cannot be remembered for a restart: %s"),
                 strerror(-result));
        return control_error(text);
    }
    return json_pack("{s:b}", "ok", 1);
}

static json_t *reload(struct engine *engine)
{
    if (engine_reload(engine) == 0) {
        return json_pack("{s:b}", "ok", 1);
    }
    for (size_t i = 0; i < engine->alarms.count; i++) {
        if (strcmp(engine->alarms.items[i].key, "station_file") == 0) {
            return control_error(engine->alarms.items[i].text);
        }
    }
    return control_error(_("the station file cannot be taken"));
}

json_t *engine_handle(struct control_handler *handler, const json_t *request)
{
    struct engine *engine = (struct engine *)handler;
    const char *command = json_string_value(json_object_get(request, "command"));
    if (command == NULL) {
        return control_error(_("a request needs a \"command\""));
    }
    if (strcmp(command, "status") == 0) {
        return status(engine);
    }
    if (strcmp(command, "mute") == 0 || strcmp(command, "unmute") == 0) {
        return mute(engine, request, command[0] == 'm');
    }
    if (strcmp(command, "reload") == 0) {
        return reload(engine);
    }
    char text[128];
    snprintf(text, sizeof(text),
             _("there is no command '%.40s'; there are status, mute, unmute and reload"), command);
    return control_error(text);
}

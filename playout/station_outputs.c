/* SPDX-License-Identifier: MIT */
/* station_outputs: where the datagrams of a transport go. */
#include "playout/station_inner.h"

#include "playout/intl.h"
#include "playout/rtp.h"
#include "playout/text_same.h"

#include <arpa/inet.h>
#include <limits.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>

static bool is_address(const char *text, int family)
{
    struct in6_addr parsed; /* room for both */
    return text != NULL && inet_pton(family, text, &parsed) == 1;
}

static void check_interface(const struct settings *place, const struct output *output)
{
    const char *interface = output->interface;
    const int family = is_address(output->address, AF_INET6) ? AF_INET6 : AF_INET;
    const int other = family == AF_INET ? AF_INET6 : AF_INET;
    if (interface != NULL && !is_address(interface, family) &&
        (is_address(interface, other) || strlen(interface) >= IF_NAMESIZE)) {
        settings_complain(
            place, "interface",
            _("the name of an interface, as in \"eth1\", or an address of this machine of the "
              "same family as 'address'"));
    }
}

static void read_network_output(const struct settings *place, const struct network *network,
                                const struct transport *transport, struct output *output)
{
    static const char *const KEYS[] = {"protocol", "address", "port", "interface",
                                       "ttl",      "dscp",    "ssrc", NULL};
    settings_check_keys(place, KEYS);
    output->address = settings_text(place, "address");
    output->port = (int)settings_integer(place, "port", 1, 65535);
    output->interface = settings_has(place, "interface") ? settings_text(place, "interface") : NULL;
    output->ttl = (int)settings_integer(place, "ttl", 1, 255);
    output->dscp = (int)settings_integer(place, "dscp", 0, 63);
    if (output->address != NULL && !is_address(output->address, AF_INET) &&
        !is_address(output->address, AF_INET6)) {
        settings_complain(place, "address", _("a numeric address, as in \"239.1.1.1\""));
    }
    check_interface(place, output);
    output->ssrc = settings_has(place, "ssrc")
                       /* libconfig takes 0x80000000 and above for negative. */
                       ? (uint32_t)settings_integer(place, "ssrc", INT32_MIN, UINT32_MAX)
                       : rtp_ssrc(transport->name, transport->transport_stream_id,
                                  network->original_network_id);
}

static void read_file_output(const struct settings *place, struct output *output)
{
    enum { HOUR = 60, DAY = 24 * HOUR };
    static const char *const KEYS[] = {"protocol", "path", "minutes", "max_megabytes", NULL};
    settings_check_keys(place, KEYS);
    output->path = settings_text(place, "path");
    output->minutes =
        settings_has(place, "minutes") ? (int)settings_integer(place, "minutes", 1, DAY) : HOUR;
    output->max_megabytes = (int)settings_integer(place, "max_megabytes", 1, INT_MAX);
}

static void read_output(const struct settings *place, const struct network *network,
                        const struct transport *transport, struct output *output)
{
    static const char *const PROTOCOLS[] = {"udp", "rtp", "file", NULL}; /* enum output_protocol */
    output->protocol =
        (enum output_protocol)settings_word_or(place, "protocol", PROTOCOLS, OUTPUT_UDP);
    if (output->protocol == OUTPUT_FILE) {
        read_file_output(place, output);
    } else {
        read_network_output(place, network, transport, output);
    }
}

void station_read_outputs(const struct settings *place, const struct network *network,
                          struct transport *transport)
{
    const config_setting_t *list = settings_list(place, "outputs");
    const int count = list != NULL ? config_setting_length(list) : 0;
    transport->outputs = calloc((size_t)count + 1, sizeof(transport->outputs[0]));
    for (int i = 0; transport->outputs != NULL && i < count; i++) {
        const struct settings child = settings_entry(place, list, "outputs", i);
        read_output(&child, network, transport, &transport->outputs[i]);
        transport->output_count++;
    }
}

/* One group on two interfaces is two destinations: that is what SMPTE ST 2022-7 is made of. */
static bool same_destination(const struct output *a, const struct output *b)
{
    if (a->protocol == OUTPUT_FILE || b->protocol == OUTPUT_FILE) {
        return a->path != NULL && text_same(a->path, b->path);
    }
    return a->address != NULL && text_same(a->address, b->address) && a->port == b->port &&
           text_same(a->interface, b->interface);
}

void station_check_outputs(const struct settings *place, const struct transport *a,
                           const struct transport *b)
{
    for (size_t i = 0; i < a->output_count; i++) {
        const struct output *out = &a->outputs[i];
        for (size_t k = 0; k < (a == b ? i : b->output_count); k++) {
            if (!same_destination(out, &b->outputs[k])) {
                continue;
            }
            if (out->protocol == OUTPUT_FILE) {
                problems_add(place->problems, PROBLEM_ERROR, place->file, settings_line(place), 0,
                             _("'%s' and '%s' have the same output folder %s"), b->name, a->name,
                             out->path);
            } else {
                problems_add(place->problems, PROBLEM_ERROR, place->file, settings_line(place), 0,
                             _("'%s' and '%s' have the same output %s port %d"), b->name, a->name,
                             out->address, out->port);
            }
        }
    }
}

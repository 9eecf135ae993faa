/* SPDX-License-Identifier: MIT */
#include "playout/outputs.h"

#include "playout/intl.h"
#include "playout/tape.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    BATCH = 64, /* messages to a call */
    SEND_BUFFER = 1 << 20,
};

/* One socket and what is waiting for it. */
struct channel_socket {
    int fd;
    int family;
    int ttl;
    int dscp;
    unsigned waiting;
    struct mmsghdr messages[BATCH];
    struct iovec vectors[BATCH];
    size_t lanes[BATCH]; /* whose message it is */
};

struct leg {
    size_t lane;
    size_t socket;
    struct sockaddr_storage address;
    socklen_t address_size;
};

/* Immutable but for what waits in the sockets, which is the pacer's. */
struct output_set {
    struct channel_socket *sockets;
    size_t socket_count;
    struct leg *legs; /* in order of lanes */
    size_t leg_count;
};

struct lane_errors {
    _Atomic uint64_t count;
    atomic_int last;
};

struct outputs {
    struct pacer_sink sink; /* first */
    struct output_set *current;
    _Atomic(struct output_set *) inbox;  /* for the pacer to take */
    _Atomic(struct output_set *) outbox; /* the pacer is done with it */
    size_t lane_count;
    struct lane_errors *errors;
};

static void destroy_set(struct output_set *set)
{
    if (set == NULL) {
        return;
    }
    for (size_t i = 0; i < set->socket_count; i++) {
        if (set->sockets[i].fd >= 0) {
            close(set->sockets[i].fd);
        }
    }
    free(set->sockets);
    free(set->legs);
    free(set);
}

static void note_error(struct outputs *outputs, size_t lane, int error)
{
    struct lane_errors *errors = &outputs->errors[lane];
    atomic_fetch_add_explicit(&errors->count, 1, memory_order_relaxed);
    atomic_store_explicit(&errors->last, error, memory_order_relaxed);
}

/* Each failed message is left out, the rest goes on: at most BATCH turns. */
static void send_waiting(struct outputs *outputs, struct channel_socket *channel)
{
    unsigned done = 0;
    while (done < channel->waiting) {
        const int sent =
            sendmmsg(channel->fd, channel->messages + done, channel->waiting - done, MSG_DONTWAIT);
        if (sent > 0) {
            done += (unsigned)sent;
        } else {
            note_error(outputs, channel->lanes[done], errno);
            done++;
        }
    }
    channel->waiting = 0;
}

static void add_message(struct outputs *outputs, struct leg *leg, const uint8_t *datagram)
{
    struct channel_socket *channel = &outputs->current->sockets[leg->socket];
    if (channel->waiting == BATCH) {
        send_waiting(outputs, channel);
    }
    const unsigned i = channel->waiting++;
    channel->lanes[i] = leg->lane;
    channel->vectors[i].iov_base = (void *)(uintptr_t)datagram; /* only read */
    channel->vectors[i].iov_len = DATAGRAM_SIZE;
    channel->messages[i].msg_hdr = (struct msghdr){
        .msg_name = &leg->address,
        .msg_namelen = leg->address_size,
        .msg_iov = &channel->vectors[i],
        .msg_iovlen = 1,
    };
}

static void add(struct pacer_sink *sink, size_t lane, const uint8_t *datagram)
{
    struct outputs *outputs = (struct outputs *)sink;
    struct output_set *set = outputs->current;
    for (size_t i = 0; i < set->leg_count; i++) {
        if (set->legs[i].lane == lane) {
            add_message(outputs, &set->legs[i], datagram);
        }
    }
}

static void take_new_set(struct outputs *outputs)
{
    if (atomic_load_explicit(&outputs->inbox, memory_order_relaxed) == NULL ||
        atomic_load_explicit(&outputs->outbox, memory_order_relaxed) != NULL) {
        return;
    }
    struct output_set *fresh = atomic_exchange(&outputs->inbox, NULL);
    if (fresh != NULL) {
        atomic_store(&outputs->outbox, outputs->current);
        outputs->current = fresh;
    }
}

static void flush(struct pacer_sink *sink)
{
    struct outputs *outputs = (struct outputs *)sink;
    for (size_t i = 0; i < outputs->current->socket_count; i++) {
        send_waiting(outputs, &outputs->current->sockets[i]);
    }
    take_new_set(outputs); /* between two batches nothing waits */
}

struct outputs *outputs_create(size_t lane_count)
{
    struct outputs *outputs = calloc(1, sizeof(*outputs));
    if (outputs == NULL) {
        return NULL;
    }
    outputs->sink = (struct pacer_sink){.add = add, .flush = flush};
    outputs->lane_count = lane_count;
    outputs->errors = calloc(lane_count, sizeof(outputs->errors[0]));
    outputs->current = calloc(1, sizeof(*outputs->current));
    if (outputs->errors == NULL || outputs->current == NULL) {
        outputs_destroy(outputs);
        return NULL;
    }
    return outputs;
}

void outputs_destroy(struct outputs *outputs)
{
    if (outputs == NULL) {
        return;
    }
    destroy_set(outputs->current);
    destroy_set(atomic_load(&outputs->inbox));
    destroy_set(atomic_load(&outputs->outbox));
    free(outputs->errors);
    free(outputs);
}

static int parse_address(const struct output *output, struct sockaddr_storage *address,
                         socklen_t *size)
{
    struct sockaddr_in *v4 = (struct sockaddr_in *)address;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)address;
    memset(address, 0, sizeof(*address));
    if (inet_pton(AF_INET, output->address, &v4->sin_addr) == 1) {
        v4->sin_family = AF_INET;
        v4->sin_port = htons((uint16_t)output->port);
        *size = sizeof(*v4);
        return 0;
    }
    if (inet_pton(AF_INET6, output->address, &v6->sin6_addr) == 1) {
        v6->sin6_family = AF_INET6;
        v6->sin6_port = htons((uint16_t)output->port);
        *size = sizeof(*v6);
        return 0;
    }
    return -EINVAL;
}

static void set_option(int fd, int level, int name, int value)
{
    /* What a kernel does not know it does not need. */
    (void)setsockopt(fd, level, name, &value, sizeof(value));
}

static int open_socket(int family, int ttl, int dscp)
{
    const int fd = socket(family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) {
        return -errno;
    }
    set_option(fd, SOL_SOCKET, SO_SNDBUF, SEND_BUFFER);
    if (family == AF_INET) {
        set_option(fd, IPPROTO_IP, IP_TTL, ttl);
        set_option(fd, IPPROTO_IP, IP_MULTICAST_TTL, ttl);
        set_option(fd, IPPROTO_IP, IP_TOS, dscp << 2);
    } else {
        set_option(fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS, ttl);
        set_option(fd, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, ttl);
        set_option(fd, IPPROTO_IPV6, IPV6_TCLASS, dscp << 2);
    }
    return fd;
}

/* The set's socket for such a leg, opened when it is the first; or -errno. */
static int find_socket(struct output_set *set, int family, const struct output *output)
{
    for (size_t i = 0; i < set->socket_count; i++) {
        const struct channel_socket *channel = &set->sockets[i];
        if (channel->family == family && channel->ttl == output->ttl &&
            channel->dscp == output->dscp) {
            return (int)i;
        }
    }
    const int fd = open_socket(family, output->ttl, output->dscp);
    if (fd < 0) {
        return fd;
    }
    struct channel_socket *channel = &set->sockets[set->socket_count];
    channel->fd = fd;
    channel->family = family;
    channel->ttl = output->ttl;
    channel->dscp = output->dscp;
    return (int)set->socket_count++;
}

static void open_leg(struct output_set *set, size_t lane, const struct station *station,
                     const struct transport *transport, const struct output *output,
                     struct problems *problems)
{
    struct leg *leg = &set->legs[set->leg_count];
    int result = parse_address(output, &leg->address, &leg->address_size);
    if (result == 0) {
        result = find_socket(set, leg->address.ss_family, output);
    }
    if (result < 0) {
        problems_add(problems, PROBLEM_ERROR, station->path, 0, 0,
                     _("transport '%s': the output to %s port %d cannot be opened: %s"),
                     transport->name, output->address, output->port, strerror(-result));
        return;
    }
    leg->lane = lane;
    leg->socket = (size_t)result;
    set->leg_count++;
}

static struct output_set *create_set(const struct station *station, const size_t *lanes,
                                     size_t lane_count, struct problems *problems)
{
    struct output_set *set = calloc(1, sizeof(*set));
    size_t count = 0;
    for (size_t i = 0; i < lane_count; i++) {
        count += station->transports[lanes[i]].output_count;
    }
    if (set != NULL) {
        set->sockets = calloc(count + 1, sizeof(set->sockets[0]));
        set->legs = calloc(count + 1, sizeof(set->legs[0]));
    }
    if (set == NULL || set->sockets == NULL || set->legs == NULL) {
        destroy_set(set);
        return NULL;
    }
    for (size_t i = 0; i < lane_count; i++) {
        const struct transport *transport = &station->transports[lanes[i]];
        for (size_t j = 0; j < transport->output_count; j++) {
            open_leg(set, i, station, transport, &transport->outputs[j], problems);
        }
    }
    return set;
}

int outputs_open(struct outputs *outputs, const struct station *station, const size_t *lanes,
                 struct problems *problems)
{
    struct output_set *fresh = create_set(station, lanes, outputs->lane_count, problems);
    if (fresh == NULL) {
        return -ENOMEM;
    }
    outputs_tidy(outputs);
    destroy_set(atomic_exchange(&outputs->inbox, fresh));
    return 0;
}

void outputs_tidy(struct outputs *outputs)
{
    destroy_set(atomic_exchange(&outputs->outbox, NULL));
}

struct pacer_sink *outputs_sink(struct outputs *outputs)
{
    take_new_set(outputs);
    return &outputs->sink;
}

uint64_t outputs_errors(const struct outputs *outputs, size_t lane, int *last_error)
{
    *last_error = atomic_load_explicit(&outputs->errors[lane].last, memory_order_relaxed);
    return atomic_load_explicit(&outputs->errors[lane].count, memory_order_relaxed);
}

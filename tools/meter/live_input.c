/* SPDX-License-Identifier: MIT */
#include "tools/meter/live_input.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { TEXT = 128, DATAGRAM = 65536, PACKET = 188, RECEIVE_BUFFER = 16 << 20, SYNC = 0x47 };

/* What waits for a datagram that does not come is not held back longer. */
static const int64_t WAIT_NS = INT64_C(500000000);

struct address {
    bool is_rtp;
    char host[TEXT];
    char port[16];
    char local[TEXT];     /* address of the interface */
    char interface[TEXT]; /* its name */
};

struct live_input {
    int fd;
    bool is_rtp;
    bool is_known; /* whether it is RTP has been seen */
    bool is_ended;
    int64_t last_ns; /* when the last datagram came */
    uint32_t dropped;
    int64_t datagrams;
    int64_t foreign;
    size_t packets; /* in a datagram */
    size_t stride;  /* datagrams are of whole packets of so many bytes; 0: they need not be */
    struct rtp_scan rtp;
    uint8_t datagram[DATAGRAM];
};

/* Whether there is a sync byte at each of these places, two of them at least. */
static bool is_aligned(const uint8_t *bytes, size_t size, size_t first, size_t stride)
{
    size_t at = first;
    while (at < size && bytes[at] == SYNC) {
        at += stride;
    }
    return at >= size && (first == 0 || at >= first + 2 * stride);
}

/* From one packet to the next; 0: it is no transport stream. */
static size_t find_stride(const uint8_t *bytes, size_t size)
{
    static const size_t STRIDES[] = {188, 192, 204};
    for (size_t i = 0; i < sizeof(STRIDES) / sizeof(STRIDES[0]); i++) {
        for (size_t first = 0; first < STRIDES[i]; first++) {
            if (size >= PACKET && is_aligned(bytes, size, first, STRIDES[i])) {
                return STRIDES[i];
            }
        }
    }
    return 0;
}

bool live_input_looks_like_ts(const uint8_t *bytes, size_t size)
{
    return find_stride(bytes, size) > 0;
}

bool live_input_is_url(const char *text)
{
    return strncmp(text, "udp://", 6) == 0 || strncmp(text, "rtp://", 6) == 0;
}

/* "HOST:PORT" or "[HOST]:PORT" of `size` characters. */
static bool split_host(const char *text, size_t size, struct address *address)
{
    char copy[2 * TEXT];
    if (size >= sizeof(copy)) {
        return false;
    }
    memcpy(copy, text, size);
    copy[size] = '\0';
    char *host = copy[0] == '@' ? copy + 1 : copy;
    char *colon = strrchr(host, ':');
    if (colon == NULL || strlen(colon + 1) == 0 || strlen(colon + 1) >= sizeof(address->port)) {
        return false;
    }
    *colon = '\0';
    if (host[0] == '[' && colon > host && colon[-1] == ']') {
        colon[-1] = '\0';
        host++;
    }
    snprintf(address->port, sizeof(address->port), "%s", colon + 1);
    snprintf(address->host, sizeof(address->host), "%s", host);
    const long port = strtol(address->port, NULL, 10);
    return strspn(address->port, "0123456789") == strlen(address->port) && port > 0 &&
           port <= UINT16_MAX;
}

/* "localaddr=A&interface=B"; false: something else. */
static bool take_options(const char *text, struct address *address)
{
    while (*text != '\0') {
        const size_t size = strcspn(text, "&");
        char *to = NULL;
        size_t skip = 0;
        if (strncmp(text, "localaddr=", 10) == 0) {
            to = address->local;
            skip = 10;
        } else if (strncmp(text, "interface=", 10) == 0) {
            to = address->interface;
            skip = 10;
        } else {
            return false;
        }
        if (size - skip >= TEXT) {
            return false;
        }
        memcpy(to, text + skip, size - skip);
        to[size - skip] = '\0';
        text += text[size] == '&' ? size + 1 : size;
    }
    return true;
}

static bool parse(const char *url, struct address *address)
{
    const char *text = url + 6;
    const size_t size = strcspn(text, "?/");
    const char *options = strchr(text, '?');
    *address = (struct address){.is_rtp = url[0] == 'r'};
    return split_host(text, size, address) &&
           (options == NULL || take_options(options + 1, address));
}

static bool is_group(const struct sockaddr *at)
{
    if (at->sa_family == AF_INET) {
        const struct sockaddr_in *in = (const struct sockaddr_in *)(const void *)at;
        return IN_MULTICAST(ntohl(in->sin_addr.s_addr));
    }
    const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)(const void *)at;
    return IN6_IS_ADDR_MULTICAST(&in6->sin6_addr);
}

static int join(int fd, const struct sockaddr *at, const struct address *address)
{
    const unsigned index = address->interface[0] != '\0' ? if_nametoindex(address->interface) : 0;
    if (address->interface[0] != '\0' && index == 0) {
        return -errno;
    }
    if (at->sa_family == AF_INET) {
        const struct sockaddr_in *in = (const struct sockaddr_in *)(const void *)at;
        struct ip_mreqn request = {.imr_multiaddr = in->sin_addr, .imr_ifindex = (int)index};
        if (address->local[0] != '\0' &&
            inet_pton(AF_INET, address->local, &request.imr_address) != 1) {
            return -EINVAL;
        }
        return setsockopt(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &request, sizeof(request)) < 0 ? -errno
                                                                                            : 0;
    }
    const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)(const void *)at;
    struct ipv6_mreq request = {.ipv6mr_multiaddr = in6->sin6_addr, .ipv6mr_interface = index};
    return setsockopt(fd, IPPROTO_IPV6, IPV6_JOIN_GROUP, &request, sizeof(request)) < 0 ? -errno
                                                                                        : 0;
}

static void set_options(int fd)
{
    const int one = 1;
    const int size = RECEIVE_BUFFER;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
    setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &one, sizeof(one));
    setsockopt(fd, SOL_SOCKET, SO_RXQ_OVFL, &one, sizeof(one));
    /* Beyond the limit of ordinary users where we may; else as far as it goes. */
    if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) < 0) {
        setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
    }
}

/* A socket that receives what is sent there, or a negative code. */
static int open_socket(const struct addrinfo *found, const struct address *address)
{
    const int fd = socket(found->ai_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) {
        return -errno;
    }
    set_options(fd);
    int result = bind(fd, found->ai_addr, found->ai_addrlen) < 0 ? -errno : 0;
    if (result == 0 && is_group(found->ai_addr)) {
        result = join(fd, found->ai_addr, address);
    }
    if (result < 0) {
        close(fd);
        return result;
    }
    return fd;
}

struct live_input *live_input_open(const char *url, char *error, size_t room)
{
    struct address address;
    struct addrinfo *found = NULL;
    const struct addrinfo hints = {.ai_socktype = SOCK_DGRAM, .ai_flags = AI_PASSIVE};
    if (!parse(url, &address)) {
        error[0] = '\0';
        return NULL;
    }
    const int code =
        getaddrinfo(address.host[0] != '\0' ? address.host : NULL, address.port, &hints, &found);
    if (code != 0) {
        snprintf(error, room, "%s", gai_strerror(code));
        return NULL;
    }
    struct live_input *input = calloc(1, sizeof(*input));
    const int fd = input != NULL ? open_socket(found, &address) : -ENOMEM;
    freeaddrinfo(found);
    if (fd < 0) {
        snprintf(error, room, "%s", strerror(-fd));
        free(input);
        return NULL;
    }
    input->fd = fd;
    input->is_rtp = address.is_rtp;
    input->is_known = address.is_rtp;
    return input;
}

void live_input_close(struct live_input *input)
{
    if (input != NULL) {
        close(input->fd);
        free(input);
    }
}

int live_input_fd(const struct live_input *input)
{
    return input->fd;
}

int64_t live_input_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* The kernel's time of arrival, and its count of datagrams that found no room. */
static int64_t read_control(struct live_input *input, struct msghdr *message)
{
    int64_t arrival_ns = 0;
    for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c != NULL; c = CMSG_NXTHDR(message, c)) {
        if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_TIMESTAMPNS) {
            struct timespec at;
            memcpy(&at, CMSG_DATA(c), sizeof(at));
            arrival_ns = (int64_t)at.tv_sec * 1000000000 + at.tv_nsec;
        } else if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SO_RXQ_OVFL) {
            memcpy(&input->dropped, CMSG_DATA(c), sizeof(input->dropped));
        }
    }
    return arrival_ns > 0 ? arrival_ns : live_input_now();
}

static ssize_t receive(struct live_input *input, int64_t *arrival_ns)
{
    union {
        struct cmsghdr header; /* for its alignment */
        char bytes[256];
    } control;
    struct iovec part = {.iov_base = input->datagram, .iov_len = sizeof(input->datagram)};
    struct msghdr message = {.msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = &control,
                             .msg_controllen = sizeof(control)};
    const ssize_t got = recvmsg(input->fd, &message, MSG_DONTWAIT);
    if (got > 0) {
        *arrival_ns = read_control(input, &message);
    }
    return got;
}

static bool next_rtp(struct live_input *input, struct rtp_payload *payload)
{
    if (!rtp_scan_next(&input->rtp, payload)) {
        return false;
    }
    input->packets = payload->size >= PACKET ? payload->size / PACKET : input->packets;
    payload->lost *= (int64_t)input->packets;
    return true;
}

/* Where one was of whole packets, another size is a stray, or all sizes may come. */
static bool fits(struct live_input *input, size_t size)
{
    if (input->stride == 0 || size % input->stride == 0) {
        return true;
    }
    if (live_input_looks_like_ts(input->datagram, size)) {
        input->stride = 0;
    }
    return input->stride == 0;
}

/* What the first datagrams are decides what all are. */
static bool recognise(struct live_input *input, size_t size)
{
    if (!input->is_known) {
        input->is_rtp = rtp_looks_like(input->datagram, size);
        input->stride = input->is_rtp ? 0 : find_stride(input->datagram, size);
        input->is_known = input->is_rtp || input->stride > 0;
        input->stride = input->stride > 0 && size % input->stride == 0 ? input->stride : 0;
    }
    return input->is_known && fits(input, size);
}

/* Nothing comes: what waits in vain. */
static bool flush(struct live_input *input, struct rtp_payload *payload)
{
    if (!input->is_rtp || (!input->is_ended && live_input_now() - input->last_ns < WAIT_NS)) {
        return false;
    }
    rtp_scan_flush(&input->rtp);
    return next_rtp(input, payload);
}

bool live_input_next(struct live_input *input, struct rtp_payload *payload)
{
    int64_t arrival_ns = 0;
    while (!input->is_rtp || !next_rtp(input, payload)) {
        const ssize_t got = input->is_ended ? 0 : receive(input, &arrival_ns);
        if (got <= 0) {
            return flush(input, payload);
        }
        input->last_ns = arrival_ns;
        input->datagrams++;
        if (!recognise(input, (size_t)got)) {
            input->foreign++;
        } else if (!input->is_rtp) {
            *payload = (struct rtp_payload){input->datagram, (size_t)got, arrival_ns, 0};
            return true;
        } else if (!rtp_scan_push(&input->rtp, input->datagram, (size_t)got, arrival_ns)) {
            input->foreign++;
        }
    }
    return true;
}

void live_input_end(struct live_input *input)
{
    input->is_ended = true;
}

void live_input_counts(const struct live_input *input, struct live_counts *counts)
{
    *counts = (struct live_counts){
        .is_rtp = input->is_rtp,
        .datagrams = input->datagrams,
        .lost = input->rtp.lost_total,
        .reordered = input->rtp.reordered,
        .duplicates = input->rtp.duplicates,
        .restarts = input->rtp.restarts,
        .dropped = input->dropped,
        .foreign = input->foreign,
    };
}

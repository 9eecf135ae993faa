/* SPDX-License-Identifier: MIT */
#include "tests/support/receive.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { BUFFER = 8 << 20 };

/* The destination as a socket address; its family, or AF_UNSPEC. */
static int parse(const char *address, int port, unsigned interface, struct sockaddr_storage *name,
                 socklen_t *size)
{
    struct sockaddr_in *v4 = (struct sockaddr_in *)name;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)name;
    memset(name, 0, sizeof(*name));
    if (inet_pton(AF_INET, address, &v4->sin_addr) == 1) {
        v4->sin_port = htons((uint16_t)port);
        *size = sizeof(*v4);
        return v4->sin_family = AF_INET;
    }
    if (inet_pton(AF_INET6, address, &v6->sin6_addr) == 1) {
        v6->sin6_port = htons((uint16_t)port);
        v6->sin6_scope_id = interface;
        *size = sizeof(*v6);
        return v6->sin6_family = AF_INET6;
    }
    return AF_UNSPEC;
}

static int join(int fd, const struct sockaddr_storage *name, unsigned interface)
{
    const struct sockaddr_in *v4 = (const struct sockaddr_in *)name;
    const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)name;
    if (name->ss_family == AF_INET && IN_MULTICAST(ntohl(v4->sin_addr.s_addr))) {
        const struct ip_mreqn request = {.imr_multiaddr = v4->sin_addr,
                                         .imr_ifindex = (int)interface};
        return setsockopt(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &request, sizeof(request));
    }
    if (name->ss_family == AF_INET6 && IN6_IS_ADDR_MULTICAST(&v6->sin6_addr)) {
        const struct ipv6_mreq request = {.ipv6mr_multiaddr = v6->sin6_addr,
                                          .ipv6mr_interface = interface};
        return setsockopt(fd, IPPROTO_IPV6, IPV6_JOIN_GROUP, &request, sizeof(request));
    }
    return 0;
}

int receive_open(const char *address, int port, const char *interface)
{
    struct sockaddr_storage name;
    socklen_t size = 0;
    const int buffer = BUFFER;
    const int on = 1;
    const unsigned index = interface != NULL ? if_nametoindex(interface) : 0;
    const int family = parse(address, port, index, &name, &size);
    if (family == AF_UNSPEC || (interface != NULL && index == 0)) {
        return -EINVAL;
    }
    const int fd = socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return -errno;
    }
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof(buffer));
    setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &buffer, sizeof(buffer));
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof(on));
    if (bind(fd, (const struct sockaddr *)&name, size) < 0 || join(fd, &name, index) < 0) {
        const int error = errno;
        close(fd);
        return -error;
    }
    return fd;
}

ssize_t receive_next(int fd, int wait_ms, uint8_t *bytes, size_t room, int64_t *when_ns)
{
    _Alignas(struct cmsghdr) uint8_t control[128];
    struct iovec vector = {.iov_base = bytes, .iov_len = room};
    struct msghdr message = {.msg_iov = &vector,
                             .msg_iovlen = 1,
                             .msg_control = control,
                             .msg_controllen = sizeof(control)};
    struct pollfd ready = {.fd = fd, .events = POLLIN};
    const int count = poll(&ready, 1, wait_ms);
    if (count <= 0) {
        return count == 0 ? 0 : -errno;
    }
    const ssize_t size = recvmsg(fd, &message, 0);
    if (size < 0) {
        return -errno;
    }
    for (struct cmsghdr *at = CMSG_FIRSTHDR(&message); at != NULL; at = CMSG_NXTHDR(&message, at)) {
        if (at->cmsg_level == SOL_SOCKET && at->cmsg_type == SCM_TIMESTAMPNS) {
            struct timespec stamp;
            memcpy(&stamp, CMSG_DATA(at), sizeof(stamp));
            *when_ns = (int64_t)stamp.tv_sec * 1000000000 + stamp.tv_nsec;
        }
    }
    return size;
}

uint64_t receive_pcr(const uint8_t *packet)
{
    if ((packet[3] & 0x20) == 0 || packet[4] < 7 || (packet[5] & 0x10) == 0) {
        return UINT64_MAX;
    }
    const uint64_t base = (uint64_t)packet[6] << 25 | (uint64_t)packet[7] << 17 |
                          (uint64_t)packet[8] << 9 | (uint64_t)packet[9] << 1 | packet[10] >> 7;
    return base * 300 + ((uint64_t)(packet[10] & 1) << 8 | packet[11]);
}

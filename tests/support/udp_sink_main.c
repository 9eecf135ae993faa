/* SPDX-License-Identifier: MIT */
/*
 * udp-sink: receivers that are there and do not listen: without any, the
 * kernel would answer every datagram of a measurement with an ICMP message.
 *
 * Usage: udp-sink PORT...
 *
 * Binds the ports on 127.0.0.1 and waits to be killed.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    const int smallest = 1;
    for (int i = 1; i < argc; i++) {
        struct sockaddr_in name = {.sin_family = AF_INET,
                                   .sin_port = htons((uint16_t)atoi(argv[i]))};
        name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        const int fd = socket(AF_INET, SOCK_DGRAM, 0);
        setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &smallest, sizeof(smallest));
        if (fd < 0 || bind(fd, (const struct sockaddr *)&name, sizeof(name)) < 0) {
            perror("udp-sink");
            return 1;
        }
    }
    pause();
    return 0;
}

/*
 * The floor: what the system calls alone cost. An epoll loop that unmasks, frames each message once and writes once per
 * socket and read. It knows short text frames, one handshake key (the generator's) and readers that keep up; it checks
 * what it relies on and gives up loudly.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

enum { MAX_FD = 65536, CHUNK = 65536 };

static const char ANSWER[] = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                             "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

static int clients[MAX_FD], place[MAX_FD], count, is_open[MAX_FD];

static void die(const char *why) {
  perror(why);
  exit(1);
}

static void send_all(int fd, const void *bytes, size_t length) {
  if (send(fd, bytes, length, MSG_NOSIGNAL) != (ssize_t)length && errno != ECONNRESET && errno != EPIPE) die("short write");
}

static void forget(int fd) {
  int last = clients[--count];
  clients[place[fd]] = last;
  place[last] = place[fd];
  is_open[fd] = 0;
  close(fd);
}

/* Masked short text frames in, the same texts as server frames out. */
static size_t reframe(unsigned char *in, size_t length, unsigned char *out) {
  size_t at = 0, made = 0;
  while (at < length) {
    size_t size = in[at + 1] & 127;
    if (in[at] != 0x81 || size > 125 || at + 6 + size > length) die("not whole short text frames");
    unsigned char *mask = in + at + 2, *text = in + at + 6;
    out[made++] = 0x81;
    out[made++] = size;
    for (size_t i = 0; i < size; i++) out[made++] = text[i] ^ mask[i & 3];
    at += 6 + size;
  }
  return made;
}

int main(int argc, char **argv) {
  int echo = argc > 1 && strcmp(argv[1], "echo") == 0, one = 1;
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), loop = epoll_create1(0);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  if (bind(listener, (void *)&address, size) || listen(listener, 4096)) die("listen");
  getsockname(listener, (void *)&address, &size);
  struct epoll_event event = {.events = EPOLLIN, .data.fd = listener}, events[1024];
  epoll_ctl(loop, EPOLL_CTL_ADD, listener, &event);
  event.data.fd = 0; /* the parent: anything is "collect", the end is the end */
  epoll_ctl(loop, EPOLL_CTL_ADD, 0, &event);
  printf("listening %d\n", ntohs(address.sin_port));
  fflush(stdout);
  static unsigned char in[CHUNK], out[CHUNK];
  for (;;) {
    int ready = epoll_wait(loop, events, 1024, -1);
    for (int i = 0; i < ready; i++) {
      int fd = events[i].data.fd;
      if (fd == listener) {
        int client = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
        if (client < 0) continue;
        if (client >= MAX_FD) die("too many sockets");
        setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        clients[place[client] = count++] = client;
        event.data.fd = client;
        epoll_ctl(loop, EPOLL_CTL_ADD, client, &event);
        continue;
      }
      ssize_t length = read(fd, in, CHUNK);
      if (fd == 0) {
        if (length <= 0) return 0;
        puts("collected");
        fflush(stdout);
      } else if (length <= 0) {
        if (length == 0 || errno != EAGAIN) forget(fd);
      } else if (!is_open[fd]) {
        is_open[fd] = 1;
        send_all(fd, ANSWER, sizeof ANSWER - 1);
      } else {
        size_t made = reframe(in, length, out);
        if (echo) send_all(fd, out, made);
        else for (int k = 0; k < count; k++) send_all(clients[k], out, made);
      }
    }
  }
}

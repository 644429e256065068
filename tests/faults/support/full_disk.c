// Makes a disk look full to the program that it is preloaded into: while $FULL_DISK/.full exists, no file below the
// directory $FULL_DISK grows (ENOSPC), as on a real one; what is written within a file's size still goes through.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static int lies_below(int file, const char* directory) {
  char link[64];
  char path[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  const ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = '\0';
  return strncmp(path, directory, strlen(directory)) == 0;
}

/* Whether a write that ends at `end` (-1: at the current offset plus `size`) finds no room. */
static int finds_no_room(int file, off_t end, size_t size) {
  const char* directory = getenv("FULL_DISK");
  char flag[PATH_MAX];
  struct stat known;
  if (directory == NULL) return 0;
  snprintf(flag, sizeof flag, "%s/.full", directory);
  if (access(flag, F_OK) != 0 || fstat(file, &known) != 0 || !S_ISREG(known.st_mode)) return 0;
  if (end < 0) end = lseek(file, 0, SEEK_CUR) + (off_t)size;
  if (end <= known.st_size || !lies_below(file, directory)) return 0;
  errno = ENOSPC;
  return 1;
}

static size_t size_of(const struct iovec* parts, int count) {
  size_t size = 0;
  for (int i = 0; i < count; ++i) size += parts[i].iov_len;
  return size;
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t write(int file, const void* data, size_t size) {
  return finds_no_room(file, -1, size) ? -1 : NEXT(write)(file, data, size);
}

ssize_t pwrite(int file, const void* data, size_t size, off_t at) {
  return finds_no_room(file, at + (off_t)size, size) ? -1 : NEXT(pwrite)(file, data, size, at);
}

ssize_t pwrite64(int file, const void* data, size_t size, off64_t at) {
  return finds_no_room(file, at + (off_t)size, size) ? -1 : NEXT(pwrite64)(file, data, size, at);
}

ssize_t pwritev(int file, const struct iovec* parts, int count, off_t at) {
  const size_t size = size_of(parts, count);
  return finds_no_room(file, at + (off_t)size, size) ? -1 : NEXT(pwritev)(file, parts, count, at);
}

ssize_t pwritev64(int file, const struct iovec* parts, int count, off64_t at) {
  const size_t size = size_of(parts, count);
  return finds_no_room(file, at + (off_t)size, size) ? -1 : NEXT(pwritev64)(file, parts, count, at);
}

int posix_fallocate(int file, off_t at, off_t size) {
  return finds_no_room(file, at + size, (size_t)size) ? ENOSPC : NEXT(posix_fallocate)(file, at, size);
}

int posix_fallocate64(int file, off64_t at, off64_t size) {
  return finds_no_room(file, at + size, (size_t)size) ? ENOSPC : NEXT(posix_fallocate64)(file, at, size);
}

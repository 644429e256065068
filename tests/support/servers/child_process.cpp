#include "tests/support/servers/child_process.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <grp.h>
#include <netinet/in.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <system_error>
#include <thread>

namespace liveops::test {

namespace {

constexpr int kNotFound = 127;      // the shell's exit status for a program that is not there
constexpr int kNoPermission = 126;  // and for one that cannot be run
constexpr std::chrono::milliseconds kPollPause{5};

constexpr std::uint32_t kFirstPort = 10'000;
constexpr std::uint32_t kPorts = 22'000;
constexpr std::uint32_t kPortsApart = 32;

bool nobody_listens(std::uint16_t port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) throw std::system_error(errno, std::generic_category(), "no socket to look for a free port");
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const bool is_free = bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0;
  close(fd);
  return is_free;
}

/// Between fork and exec: system calls only.
[[noreturn]] void become(char* const* arguments, const Program& program, pid_t parent) {
  const int log = open(program.log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (log < 0 || dup2(nothing, 0) < 0 || dup2(log, 1) < 0 || dup2(log, 2) < 0) _exit(kNoPermission);
  if (program.account) {
    const Account& who = *program.account;
    if (setgroups(0, nullptr) != 0 || setgid(who.gid) != 0 || setuid(who.uid) != 0) _exit(kNoPermission);
  }
  // After setuid, which clears it.
  if (prctl(PR_SET_PDEATHSIG, program.death_signal) != 0 || getppid() != parent) _exit(kNoPermission);
  if (chdir(program.directory.c_str()) != 0) _exit(kNoPermission);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  execvp(arguments[0], arguments);
  _exit(kNotFound);
}

int status_of(int wait_status) {
  return WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : 128 + WTERMSIG(wait_status);
}

}  // namespace

std::optional<Account> unprivileged_account() {
  if (geteuid() != 0) return std::nullopt;
  for (const char* name : {"postgres", "nobody"}) {
    if (const passwd* entry = getpwnam(name)) return Account{.uid = entry->pw_uid, .gid = entry->pw_gid};
  }
  throw std::runtime_error("neither an account 'postgres' nor 'nobody' exists to run servers as");
}

ChildProcess::ChildProcess(const Program& program) {
  std::vector<char*> arguments;
  for (const std::string& word : program.command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  const pid_t parent = getpid();
  pid_ = fork();
  if (pid_ < 0) throw std::system_error(errno, std::generic_category(), "fork");
  if (pid_ == 0) become(arguments.data(), program, parent);
}

ChildProcess::~ChildProcess() {
  if (!running()) return;
  kill(pid_, SIGKILL);
  reap(true);
}

bool ChildProcess::reap(bool block) {
  if (status_) return true;
  int status = 0;
  pid_t ended = 0;
  do {
    ended = waitpid(pid_, &status, block ? 0 : WNOHANG);
  } while (ended < 0 && errno == EINTR);
  if (ended == pid_) status_ = status_of(status);
  return status_.has_value();
}

bool ChildProcess::running() {
  return !reap(false);
}

void ChildProcess::signal(int number) {
  if (running()) kill(pid_, number);
}

void ChildProcess::freeze() {
  signal(SIGSTOP);
  static_cast<void>(wait_until([this] {
    siginfo_t stopped{};
    waitid(P_PID, static_cast<id_t>(pid_), &stopped, WSTOPPED | WNOHANG);
    return stopped.si_pid == pid_ || !running();
  }));
}

int ChildProcess::wait() {
  reap(true);
  return status_.value_or(kNotFound);
}

int ChildProcess::stop(int number, std::chrono::milliseconds limit) {
  signal(number);
  if (!wait_until([this] { return !running(); }, limit)) signal(SIGKILL);
  return wait();
}

std::uint16_t free_port() {
  static std::atomic<std::uint32_t> given = 0;
  const auto start = static_cast<std::uint32_t>(getpid()) * kPortsApart;
  for (auto next = given++; next < kPorts; next = given++) {
    const auto port = static_cast<std::uint16_t>(kFirstPort + (start + next) % kPorts);
    if (nobody_listens(port)) return port;
  }
  throw std::system_error(EADDRINUSE, std::generic_category(), "no free port on 127.0.0.1");
}

bool wait_until(const std::function<bool()>& is_so, std::chrono::milliseconds limit) {
  const auto end = std::chrono::steady_clock::now() + limit;
  while (!is_so()) {
    if (std::chrono::steady_clock::now() >= end) return false;
    std::this_thread::sleep_for(kPollPause);
  }
  return true;
}

std::string tail(const std::filesystem::path& log) {
  constexpr std::size_t kMostChars = 2000;
  std::ifstream file(log);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  return text.size() <= kMostChars ? text : text.substr(text.size() - kMostChars);
}

void run_program(const Program& program) {
  ChildProcess child(program);
  const int status = child.wait();
  if (status == 0) return;
  throw std::runtime_error("'" + program.command.front() + "' ended with status " + std::to_string(status) +
                           (status == kNotFound ? ": is the package '" + program.package + "' installed?" : "") + "\n" +
                           tail(program.log));
}

}  // namespace liveops::test

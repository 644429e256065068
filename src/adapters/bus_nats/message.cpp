#include "adapters/bus_nats/message.hpp"

#include <nats/nats.h>

#include <charconv>

namespace liveops::adapters::bus_nats {

namespace {

std::string_view view(const char* text) {
  return text == nullptr ? std::string_view() : std::string_view(text);
}

std::string_view header(natsMsg* message, const char* name) {
  const char* value = nullptr;
  return natsMsgHeader_Get(message, name, &value) == NATS_OK ? view(value) : std::string_view();
}

}  // namespace

void Incoming::Destroy::operator()(natsMsg* message) const {
  natsMsg_Destroy(message);
}

std::string_view Incoming::subject() const {
  return view(natsMsg_GetSubject(message_.get()));
}

std::string_view Incoming::reply() const {
  return view(natsMsg_GetReply(message_.get()));
}

std::string_view Incoming::data() const {
  const char* data = natsMsg_GetData(message_.get());
  return data == nullptr ? std::string_view()
                         : std::string_view(data, static_cast<std::size_t>(natsMsg_GetDataLength(message_.get())));
}

int Incoming::status() const {
  if (natsMsg_GetDataLength(message_.get()) != 0) return 0;
  const auto text = header(message_.get(), "Status");
  int status = 0;
  std::from_chars(text.data(), text.data() + text.size(), status);
  return status;
}

std::string_view Incoming::description() const {
  return header(message_.get(), "Description");
}

}  // namespace liveops::adapters::bus_nats

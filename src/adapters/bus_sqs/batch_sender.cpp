#include "adapters/bus_sqs/batch_sender.hpp"

#include <charconv>

#include "adapters/aws/form.hpp"

namespace liveops::adapters::bus_sqs {

namespace json = boost::json;

namespace {

class QueueSender final : public BatchSender {
 public:
  QueueSender(SqsApi& api, std::string url, bool fifo) : api_(api), url_(std::move(url)), fifo_(fifo) {}

  ports::Task<std::vector<EntryOutcome>> send(std::vector<const Message*> messages, Patience patience) override {
    std::vector<json::object> entries;
    entries.reserve(messages.size());
    for (const auto* message : messages) entries.push_back(send_entry(*message, fifo_));
    return api_.batch("SendMessageBatch", url_, std::move(entries), std::move(patience));
  }
  [[nodiscard]] bool fifo() const override { return fifo_; }
  [[nodiscard]] std::string_view name() const override { return url_; }

 private:
  SqsApi& api_;
  std::string url_;
  bool fifo_;
};

/// SNS speaks the query protocol: a form, answered in XML.
/// https://docs.aws.amazon.com/sns/latest/api/API_PublishBatch.html
class TopicSender final : public BatchSender {
 public:
  TopicSender(aws::Client& client, std::string arn)
      : client_(client), arn_(std::move(arn)), fifo_(arn_.ends_with(".fifo")) {}

  ports::Task<std::vector<EntryOutcome>> send(std::vector<const Message*> messages, Patience patience) override {
    aws::Call call{.service = "sns",
                   .headers = {{"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"}},
                   .body = form(messages),
                   .timeout = patience.attempt,
                   .deadline = patience.deadline,
                   .stop = std::move(patience.stop)};
    const auto answer = co_await client_.make(std::move(call));
    if (!answer) co_return std::unexpected(answer.error());
    co_return outcomes(*answer, messages.size());
  }
  [[nodiscard]] bool fifo() const override { return fifo_; }
  [[nodiscard]] std::string_view name() const override { return arn_; }

 private:
  using Fields = std::vector<std::pair<std::string, std::string>>;

  [[nodiscard]] std::string form(const std::vector<const Message*>& messages) const {
    Fields fields{{"Action", "PublishBatch"}, {"Version", "2010-03-31"}, {"TopicArn", arn_}};
    for (std::size_t i = 0; i < messages.size(); ++i) {
      const auto entry = "PublishBatchRequestEntries.member." + std::to_string(i + 1) + ".";
      fields.emplace_back(entry + "Id", std::to_string(i));
      fields.emplace_back(entry + "Message", messages[i]->body);
      if (fifo_) {
        fields.emplace_back(entry + "MessageGroupId", messages[i]->group);
        fields.emplace_back(entry + "MessageDeduplicationId", messages[i]->deduplication);
      }
      for (std::size_t a = 0; a < messages[i]->attributes.size(); ++a) {
        const auto attribute = entry + "MessageAttributes.entry." + std::to_string(a + 1) + ".";
        fields.emplace_back(attribute + "Name", messages[i]->attributes[a].first);
        fields.emplace_back(attribute + "Value.DataType", "String");
        fields.emplace_back(attribute + "Value.StringValue", messages[i]->attributes[a].second);
      }
    }
    return aws::encode_form(fields);
  }

  static std::vector<EntryOutcome> outcomes(std::string_view xml, std::size_t entries) {
    std::vector<EntryOutcome> outcomes(entries, EntryOutcome::retry);
    const auto failed = xml.find("<Failed");
    constexpr std::string_view kMember = "<member>";
    for (auto at = xml.find(kMember); at != std::string_view::npos; at = xml.find(kMember, at + 1)) {
      const auto member = xml.substr(at, xml.find("</member>", at) - at);
      const auto id = aws::xml_text(member, "Id");
      std::size_t index = entries;
      std::from_chars(id.data(), id.data() + id.size(), index);
      if (index >= entries) continue;
      const bool refused = at > failed && aws::xml_text(member, "SenderFault") == "true";
      if (at < failed) outcomes[index] = EntryOutcome::done;
      if (refused) outcomes[index] = EntryOutcome::refused;
    }
    return outcomes;
  }

  aws::Client& client_;
  std::string arn_;
  bool fifo_;
};

}  // namespace

std::unique_ptr<BatchSender> queue_sender(SqsApi& api, std::string queue_url, bool fifo) {
  return std::make_unique<QueueSender>(api, std::move(queue_url), fifo);
}

std::unique_ptr<BatchSender> topic_sender(aws::Client& client, std::string topic_arn) {
  return std::make_unique<TopicSender>(client, std::move(topic_arn));
}

}  // namespace liveops::adapters::bus_sqs

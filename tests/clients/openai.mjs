// The official client: chat completions and responses, whole and streamed.
import OpenAI from "openai";

const [address, question] = process.argv.slice(2);
const client = new OpenAI({ baseURL: `${address}/v1`, apiKey: "none", maxRetries: 0 });
const messages = [{ role: "user", content: question }];

const whole = await client.chat.completions.create({ model: "isnad", messages });
const chunks = await client.chat.completions.create({
  model: "isnad", messages, stream: true, stream_options: { include_usage: true },
});
let streamed = "", usage = null;
for await (const chunk of chunks) {
  streamed += chunk.choices[0]?.delta?.content ?? "";
  usage = chunk.usage ?? usage;
}
const response = await client.responses.create({ model: "isnad", input: question });
let events = "";
for await (const event of await client.responses.create({ model: "isnad", input: question, stream: true }))
  if (event.type === "response.output_text.delta") events += event.delta;
const refused = await client.chat.completions.create({ model: "gpt-4", messages }).catch((error) => error);
const vectors = await client.embeddings.create({ model: "isnad-query", input: ["a", "b"] });
console.log(JSON.stringify({
  texts: [whole.choices[0].message.content, streamed, response.output_text, events],
  usage: usage.total_tokens === whole.usage.total_tokens,
  refused: [refused.status, refused.code],
  vectors: vectors.data.map((each) => each.embedding.length),
}));

// The AI SDK, which asks for responses unless it is told to chat.
import { createOpenAI } from "@ai-sdk/openai";
import { generateText, streamText } from "ai";

const [address, question] = process.argv.slice(2);
const isnad = createOpenAI({ baseURL: `${address}/v1`, apiKey: "none" });
const texts = [];
for (const model of [isnad("isnad"), isnad.chat("isnad")]) {
  texts.push((await generateText({ model, system: "Answer in rhyme.", prompt: question, maxRetries: 0 })).text);
  let streamed = "";
  for await (const piece of streamText({ model, prompt: question, maxRetries: 0 }).textStream) streamed += piece;
  texts.push(streamed);
}
console.log(JSON.stringify({ texts }));

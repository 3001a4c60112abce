// The MCP SDK over HTTP: the tools, and one call.
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";

const [address, question] = process.argv.slice(2);
const client = new Client({ name: "tests", version: "1.0.0" });
await client.connect(new StreamableHTTPClientTransport(new URL(`${address}/mcp`)));
const { tools } = await client.listTools();
const result = await client.callTool({ name: "ask", arguments: { question } });
await client.close();
console.log(JSON.stringify({
  tools: tools.map((tool) => tool.name),
  text: result.content[0].text,
  answer: result.structuredContent.answer,
}));

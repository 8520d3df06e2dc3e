import "./styles/base.css";
import "./styles/frame.css";
import "./styles/rows.css";
import "./styles/call.css";
import "./styles/desk.css";
import "./styles/out.css";
import "./styles/floor.css";
import "./styles/reports.css";
import "./styles/settings.css";
import { createRoot } from "react-dom/client";
import { App } from "./App";
import { startWords } from "./i18n";

startWords();
const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");
createRoot(root).render(<App />);

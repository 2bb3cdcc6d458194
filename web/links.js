// Opens the view that the address asks for. Mails lead to /#verify=TOKEN, /#reset=TOKEN and /#change-email=TOKEN: what
// stands behind # stays in the browser, so the token is in no log, and it leaves the address bar before anything else
// happens.

import { confirmAddress, confirmNewAddress } from "/confirm.js";
import { askForLink } from "/forgot.js";
import { choosePassword } from "/reset.js";
import { show } from "/view.js";

const LINKS = new Map([
  ["verify", confirmAddress],
  ["reset", choosePassword],
  ["change-email", confirmNewAddress],
  ["forgot-password", askForLink],
]);

function followLink() {
  const [[name, token] = []] = new URLSearchParams(location.hash.slice(1));
  if (token) history.replaceState(null, "", location.pathname);
  const open = LINKS.get(name) ?? (() => show("start"));
  open(token);
}

addEventListener("popstate", followLink); // a link on this page, the way back, or an address typed over this one
followLink();

import{$ as Xe,$a as zr,$b as zt,Aa as Er,Ab as Qr,B as vo,Ba as Dt,Bc as bn,C as G,Cc as yn,Dc as vn,E as ue,Ea as Ce,Eb as Gr,Fa as Dr,Fb as Jr,G as wo,H as br,I as Qe,J as Ge,K as yr,Kb as Xr,L as vr,Lb as en,M as we,Ma as Fr,Mb as k,N as wr,Nb as rt,O as xr,Oa as So,Ob as _e,Pa as ke,Pb as tn,Q as Sr,Qa as Ft,Qb as on,R as Tr,Ra as Bt,Rb as T,S as xo,Sa as Br,Sb as rn,T as pe,Ta as Ir,Tb as Me,U as Cr,Ua as Or,V as xe,Va as Mr,Vb as nn,W as Se,Wa as qr,Wb as z,Xa as Nr,Xb as R,Y as J,Ya as It,Yb as sn,Z as Ar,Za as tt,Zb as Le,_ as Je,_a as Ot,_b as an,a as q,aa as te,ab as Ae,ac as Ut,ba as Pt,bb as Mt,bc as jt,c as $,ca as j,cb as ft,d as y,da as Et,db as Ie,e as mr,ea as et,eb as Oe,ec as ln,f as O,fb as To,fc as cn,g as Q,ga as _,gb as Ur,gc as dn,h as de,hb as ot,hc as un,i as hr,ia as m,ib as jr,ic as pn,j as I,ja as N,jc as nt,k as mt,ka as _r,kc as qe,la as Lr,lc as mn,m as s,ma as B,n as d,nc as hn,o as ve,ob as Hr,oc as oe,p as fr,pb as Wr,pc as Ht,q as $r,qa as Te,qb as qt,qc as fn,r as gr,rb as W,rc as Z,s as kr,sa as ie,sb as Yr,sc as $n,t as yo,ta as F,tb as Vr,tc as st,ua as E,ub as Zr,uc as gn,va as b,vb as Kr,vc as P,wa as Rr,wb as Nt,wc as kn,x as U,xa as Pr,xc as Wt,y as V,ya as X,yc as Yt,z as Ke,za as ht,zc as be}from"./chunk-6ZIKGXO6.js";function wn({kind:t,payload:e},o){return t==="fathom.sync"?{title:e?.full?"Sync all meetings":"Sync meetings"}:t==="recordings.expire"?{title:"Delete videos that are no longer kept"}:t==="fathom.webhook"?{title:"Update the webhook at Fathom"}:t==="loom.find_videos"?{title:"Look for your uploads at Loom"}:t==="notice.send"?{title:"Send notifications"}:t==="fathom.parts"&&!e?.recording_id?{title:"Copy summaries and transcripts"}:t==="fathom.parts"?{title:`Copy summary and transcript: ${o?.title||`recording ${e.recording_id}`}`,...o&&{href:V(o.id)}}:t!=="recording.transfer"?{title:t}:o?{title:o.title||"Untitled meeting",href:V(o.id)}:{title:`Recording ${e?.recording_id}`}}var ga=Oe("Running","moving","copy"),ka=Oe("Waiting","waiting","clock"),ba=Oe("Done","good","check"),ya=Oe("Copied","kept","box"),va=Oe("Problem","bad","alert"),wa=Oe("Cancelled","plain","cross");function xn(t,e,o=""){switch(t.status){case"dead":return{...va,detail:t.error};case"cancelled":return wa;case"completed":return t.kind==="recording.transfer"?xa(t,e):ba}if(t.kind==="recording.transfer")return Ie(e?.job===t.id?e:void 0,t,o);let r=[t.stage&&Sa(t.stage),o].filter(Boolean).join(" ");return{...t.status==="processing"?ga:ka,detail:r}}function xa(t,e){let o=e?.job===t.id,r=e&&["delivered","stored","awaiting_share_url"].includes(e.status);return o||r?Ie(e,t):ya}var Sa=t=>`${t.replace(/^./,e=>e.toUpperCase())}.`,Sn=(t,e=Date.now())=>t.finished_at?`Ended ${J(t.finished_at,e)}.`:"",Tn=t=>(t??[]).filter(({outcome:e})=>!["snoozed","held","released"].includes(e));var Ta={completed:"Completed",failed:"Failed",dead:"Failed permanently",cancelled:"Cancelled",interrupted:"Interrupted by a server crash"};function Cn({attempts:t}){return t.length?s`
		<details>
			<summary>${_(t.length,"attempt")}</summary>
			<ol class="attempts">
				${t.toReversed().map(e=>s`
					<li key=${e.started}>
						<p class="muted">${pe(e.started)}, ${Se(e.started)} · ${Ca(e)}</p>
						<p>${Ta[e.outcome]??e.outcome}.${e.error&&` ${e.error}`}</p>
					</li>`)}
			</ol>
		</details>`:null}function Ca({started:t,ended:e}){let o=(Number(xo(e))-Number(xo(t)))/1e3;return Je(Math.ceil(o))||"less than 1 s"}function $t({workspace:t,job:e,cause:o}){let{jobs:r}=t,{title:n,href:i}=wn(e,t.lookup.get(e.payload?.recording_id)),a=e.kind==="recording.transfer"?t.transferOf(e.payload?.recording_id):void 0,l=z(e.finished_at,...It(e,r)),c=xn(e,a,Nr(e,r,l)),p=ve(e)&&c.phase==="running";return s`
		<li class="row job" data-job=${e.id} data-keep=${`job ${e.id}`}>
			<div class="row-main">
				<div class="job-head">
					<h3 dir="auto">${i?s`<a href=${i}>${n}</a>`:n}</h3>
					${o===void 0&&s`<${Ht} state=${c} href=${c.phase==="upload"?i:void 0} />`}
				</div>
				<p class="hidden" aria-live="polite">${`${n}: ${c.word}`}</p>
				${p&&s`
					<${jt} titles=${Ot(a,e)} step=${c.step??0} />
					<${zt} workspace=${t} transferID=${a?.id??""} state=${c} name=${`Progress of ${n}`} />`}
				${!p&&ve(e)&&s`<p class="muted">${c.detail}</p>`}
				${!p&&!ve(e)&&s`<p class="muted">${Sn(e,l)}</p>`}
				${!p&&e.status==="processing"&&s`<progress aria-label=${`Progress of ${n}`} max="1" value=${e.progress||void 0} />`}
				${o!==void 0&&!e.error.startsWith(o)&&s`<p class="error">${e.error}</p>`}
				<${Cn} attempts=${Tn(e.history)} />
			</div>
			<div class="row-side"><${Ut} kind="quiet small" jobs=${r} job=${e} title=${n} /></div>
		</li>`}var Aa=3;function An({workspace:t,problem:{cause:e,jobs:o,fix:r,isHopeless:n}}){let[i,a]=$(!1),[l,c]=$(0),{run:p,busy:u,error:h}=k(async()=>c((await t.jobs.retryAll(o)).skipped),"It starts again."),f=i?o:o.slice(0,Aa);return s`
		<section class="card problem">
			<h2 dir="auto">${e}</h2>
			${(r||o.length>1)&&s`<div class="actions">
				${r&&s`<a class="button primary" href=${G(r.section)}>${r.label}</a>`}
				${o.length>1&&s`<${d} kind=${r||n?"quiet":"primary"} busy=${u} onClick=${p}>Retry all ${o.length}</${d}>`}
			</div>`}
			${n&&!r&&s`<p class="hint">A retry helps only if something has changed since.</p>`}
			${l>0&&s`<p class="hint" role="status">Skipped ${_(l,"job")}, because the same work is already waiting or running.</p>`}
			${h&&s`<${m}>${b(h)}</${m}>`}
			<ul class="rows">${f.map(g=>s`<${$t} key=${g.id} workspace=${t} job=${g} cause=${e} />`)}</ul>
			${o.length>f.length&&s`<${d} kind="link" onClick=${()=>a(!0)}>Show all ${_(o.length,"job")}</${d}>`}
		</section>`}var _a=[{matches:Rr,fix:{label:"Free up storage",section:"storage"}},{matches:t=>/\bAPI key\b/.test(t),fix:{label:"Check the Fathom API key",section:"fathom"}},{matches:t=>/\b(Atlassian|connect(ion)? (to )?Loom|Loom in Settings|Loom account)\b/i.test(t),fix:{label:"Check the connection to Loom",section:"loom"}}];function _n(t){let e=new Map;for(let o of t){let r=La(o.error),n=r.replace(/“.*?”/g,"\u201C\u201D").replace(/\d[\d.,]*(\s(bytes|[kMGT]B))?/g,"0"),i=e.get(n);i?(i.jobs.push(o),i.isHopeless&&=ft(o)):e.set(n,{key:n,cause:r,jobs:[o],fix:_a.find(({matches:a})=>a(r))?.fix,isHopeless:ft(o)})}return[...e.values()].sort((o,r)=>r.jobs.length-o.jobs.length)}var La=t=>t.replace(/ Gave up after .*$/s,"").trim()||"Something went wrong.";var gt=50,Ln=["processing","pending","failed"],Ra={"fathom.sync":"syncs","recording.transfer":"copies"};function Pa({workspace:t,query:e}){let{jobs:o}=t,r=gr(e),n=o.loaded.value,{active:i,problems:a,ended:l}=kr(o.all,r.group);i.sort(Ea(o));let c=p=>n&&(r.show==="all"||r.show===p);return s`
		<div class="page">
			<div class="page-head">
				<div><${Z} title="Activity" /></div>
				<div class="actions">
					${i.length>1&&r.group==="all"&&s`
						<${P} label="Cancel all" cancelLabel="Keep them" action=${()=>o.cancelAll()}
							question=${`Cancel all ${_(i.length,"job")}? Videos that are already copied are kept.`} />`}
				</div>
			</div>
			<${Da} filter=${r} counts=${{active:i.length,problems:a.length}} />
			<${Fa} jobs=${o} active=${i} />
			${o.error.value&&s`<${m}>${o.error.value} <${d} kind="link" onClick=${()=>o.reload()}>Try again</${d}></${m}>`}
			${!n&&!o.error.value&&s`<${N} label="Loading your activity" />`}
			${c("active")&&s`
				<section class="jobs" aria-labelledby="active-heading">
					<h2 id="active-heading" aria-live="polite">${i.length?_(i.length,"active job"):"No active jobs"}</h2>
					${i.length?s`<${Ba} workspace=${t} jobs=${i} />`:s`<p class="muted">Syncs and copies appear here.</p>`}
				</section>`}
			${c("problems")&&_n(a).map(p=>s`<${An} key=${p.key} workspace=${t} problem=${p} />`)}
			${c("problems")&&!a.length&&r.show==="problems"&&s`<p class="muted">No problems.</p>`}
			${c("ended")&&s`<${Ia} workspace=${t} jobs=${l} isAlone=${r.show==="ended"} />`}
		</div>`}var Ea=t=>(e,o)=>Ln.indexOf(e.status)-Ln.indexOf(o.status)||(t.placeOf(e).position||1/0)-(t.placeOf(o).position||1/0)||e.run_at.localeCompare(o.run_at)||e.id.localeCompare(o.id);function Da({filter:t,counts:e}){let{show:o,group:r}=t;return s`
		<div class="filters">
			<nav class="chips" aria-label="Show">
				${Object.entries(fr).map(([n,i])=>{let a=e[n];return s`
						<a key=${n} class="chip" href=${vo({group:r,show:n})} aria-current=${n===o?"true":void 0}>
							${i}${a>0&&s` <span class="count">${a.toLocaleString()}</span>`}
						</a>`})}
			</nav>
			<label class="hidden" for="job-group">Jobs</label>
			<select id="job-group" value=${r} onChange=${n=>ue(vo({show:o,group:n.currentTarget.value}),{replace:!0})}>
				${Object.entries($r).map(([n,i])=>s`<option key=${n} value=${n}>${i}</option>`)}
			</select>
		</div>`}function Fa({jobs:t,active:e}){let o=new Set(e.map(a=>a.kind).filter(a=>t.isPaused(a))),r=t.isPaused("*");if(!r&&!o.size)return null;let n=[...o].map(a=>t.pauseReason(a)).find(Boolean);if(n)return s`<${m} kind="note">${n}</${m}>`;let i=r?"the queue":[...o].map(a=>Ra[a]??a).join(" and ");return s`<${m} kind="note">The operator has paused ${i}. Running jobs will finish; waiting jobs will start when the pause ends.</${m}>`}function Ba({workspace:t,jobs:e}){let[o,r]=$(gt);return s`
		<ul class="rows">
			${e.slice(0,o).map(n=>s`<${$t} key=${n.id} workspace=${t} job=${n} />`)}
		</ul>
		${e.length>o&&s`
			<p class="more">
				<${d} kind="quiet" onClick=${()=>r(o+gt)}>Show more</${d}>
				<span class="muted">${o} of ${_(e.length,"job")}</span>
			</p>`}`}function Ia({workspace:t,jobs:e,isAlone:o}){let[r,n]=$(gt),[i,a]=$(!1),{run:l,busy:c,error:p}=k(async()=>{r>=e.length&&a(!await t.jobs.loadOlder()),n(r+gt)}),u=z();return e.length?s`
		${[...Map.groupBy(e.slice(0,r),h=>Cr(h.finished_at,u))].map(([h,f])=>s`
			<section class="jobs" key=${h}>
				<h2>${h}</h2>
				<ul class="rows">${f.map(g=>s`<${$t} key=${g.id} workspace=${t} job=${g} />`)}</ul>
			</section>`)}
		${(e.length>r||!i)&&e.length>=gt&&s`
			<p class="more"><${d} kind="quiet" busy=${c} onClick=${l}>Show older</${d}>${p&&s`<span class="error">${b(p)}</span>`}</p>`}`:o?s`<p class="muted">Nothing has finished yet.</p>`:null}function Oa({workspace:t}){let[e]=$(()=>ht.peek()),o=e?qr(e,location):"There is no sign-in to finish.",r=k(async()=>{e&&(await Dr(t,e),ht.value=null,ue(G("loom"),{replace:!0}))}),n=k(()=>Ce(t));y(()=>{o?ht.value=null:r.run()},[]);let{error:i}=r,a=i&&ie(i)===0;y(()=>{i&&!a&&(ht.value=null)},[i]);let l=o||i&&b(i);return s`
		<div class="page narrow">
			<${Z} title="Connect Atlassian" />
			<section class="card" aria-label="Sign-in at Atlassian">
				${!l&&s`<${N} label="Connecting Atlassian" />`}
				${l&&s`
					<${m}>${l}</${m}>
					<div class="actions">
						${a?s`<${d} onClick=${r.run}>Try again</${d}>`:s`<${d} busy=${n.busy} onClick=${n.run}>Start again</${d}>`}
						<a class="button quiet" href=${G("loom")}>Back to settings</a>
					</div>
					${n.error&&s`<${m}>${b(n.error)}</${m}>`}`}
			</section>
		</div>`}function Ma({query:t}){let[e,o]=$(null),{run:r,error:n}=k(async()=>o(await B.send("/api/oauth/question",{method:"POST",body:{query:t}})));return y(()=>{r()},[]),s`
		<div class="page narrow">
			<${Z} title="Give an assistant access?" />
			<section class="card" aria-label="Request for access">
				${!e&&!n&&s`<${N} label="Reading the request" />`}
				${n&&s`<${qa} error=${n} onRetry=${r} />`}
				${e&&s`<${Na} question=${e} />`}
			</section>
		</div>`}function qa({error:t,onRetry:e}){let o=X(t?.response?.return_url),r=[0,429].includes(ie(t))||ie(t)>=500;return s`
		<${m}>${ie(t)===404?"This server doesn\u2019t let assistants ask for access.":E(t)}</${m}>
		<div class="actions">
			${r&&s`<${d} onClick=${e}>Try again</${d}>`}
			${o&&s`<${d} kind="quiet" onClick=${()=>location.replace(o)}>Return to ${new URL(o).host}</${d}>`}
			<a class="button quiet" href=${U("/")}>To your meetings</a>
		</div>`}function Na({question:t}){let{run:e,busy:o,error:r}=k(async n=>{let{redirect:i}=await B.send("/api/oauth/decision",{method:"POST",body:{decision:t.decision,allow:n}}),a=X(i);if(!a)throw new Error("The address of the assistant is not valid");location.replace(a)});return s`
		<p>${t.name?s`A program that calls itself <strong>${t.name}</strong>`:"A program without a name"} asks
			to read your meetings.</p>
		<dl class="facts stacked">
			<div><dt>Who describes it</dt>
				<dd>${t.host?s`The website <strong>${t.host}</strong>`:"Nobody but the program itself"}</dd></div>
			<div><dt>Where access goes</dt>
				<dd><strong>${t.redirect_host}</strong>${t.is_local&&", a program on the computer in front of you"}</dd></div>
			<div><dt>What it can read</dt>
				<dd>Titles, people, summaries, action items, transcripts and the state of copies. It can change, share and delete nothing.</dd></div>
			<div><dt>For how long</dt>
				<dd>Until ${xe(t.ends)}, or until you revoke it in Settings</dd></div>
		</dl>
		<${m} kind="note">This server has not verified who is asking; a name can be made up. Allow access only if you have just
			started this in an assistant that you trust${t.is_local?" on this computer":""}.</${m}>
		<div class="actions">
			<${d} busy=${o} onClick=${()=>e(!0)}>Allow</${d}>
			<${d} kind="quiet" disabled=${o} onClick=${()=>e(!1)}>Deny</${d}>
		</div>
		${r&&s`<${m}>${E(r)}</${m}>`}`}function H({title:t,children:e}){return s`
		<main class="account-card">
			<a class="brand" href=${U("/")} aria-label="Fathom-to-Loom: start"><${br} /><span>Fathom-to-Loom</span></a>
			<section class="card form-card">
				<${Z} title=${t} />
				${e}
			</section>
		</main>`}var kt=()=>B.collection("users");function Re(t,e){let o=_r(t)[e];return typeof o=="string"&&tn(o)?o:""}var Vt=t=>kt().requestPasswordReset(t),Rn=t=>kt().requestEmailChange(t);async function Pn(t,e){await kt().confirmPasswordReset(t,e,e),await Fn(Re(t,"email"),e,"Your new password was saved. Sign in with it.")}async function En(t,e){let o=Re(t,"newEmail");await kt().confirmEmailChange(t,e),await Fn(o,e,`Your new address was saved. Sign in with ${o}.`)}async function Dn(t){await kt().confirmVerification(t),Nt.value.phase==="ready"&&await Nt.value.workspace.checkVerified().catch(()=>{})}async function Fn(t,e,o){en(o),await Qr(t,e).catch(()=>{}),ue(U(Nt.value.phase==="ready"?"/":"/sign-in"),{replace:!0})}function za({token:t}){let{run:e,busy:o,error:r}=k(En),n=Re(t,"newEmail"),i=n?_e(r):"This link is incomplete. Open it again from the message, or copy all of it.",a=c=>{c.preventDefault(),e(t,String(new FormData(c.currentTarget).get("password")))};if(i)return s`
			<${H} title="Confirm your new address">
				<${m}>${i}</${m}>
				<p><a class="button primary" href=${G("security")}>Ask for another link</a></p>
			</${H}>`;let l=!!F(r,"password");return s`
		<${H} title="Confirm your new address">
			<p>From now on, your account will use <strong>${n}</strong>. All other browsers will be signed out.</p>
			<form onSubmit=${a}>
				<input type="email" autocomplete="username" value=${n} readOnly hidden />
				<${T} id="password" label="Your password" type="password" required autocomplete="current-password" error=${l?"This is not the password of your account.":""} />
				${r&&!l&&s`<${m}>${E(r)}</${m}>`}
				<${d} type="submit" busy=${o}>Use this address</${d}>
			</form>
		</${H}>`}function Ua(){return y(()=>{Yr()},[]),s`
		<${H} title="Forgot your password?">
			${W.value.mail?s`<${ja} />`:s`<p>This server can’t send e-mail. Ask <${Me} /> to set a new password for you.</p>`}
			<p><a href=${U("/sign-in")}>Back to sign-in</a></p>
		</${H}>`}function ja(){let[t,e]=$(""),{run:o,busy:r,error:n}=k(Vt),i=async l=>{l.preventDefault();let c=String(new FormData(l.currentTarget).get("email")).trim();await o(c)&&e(c)},a=F(n,"email");return s`
		<p>Enter the e-mail address of your account. You’ll receive a link with which you choose a new password.</p>
		<form onSubmit=${i}>
			<${T} id="email" label="E-mail" type="email" required autocomplete="username" error=${a} />
			${n&&!a&&s`<${m}>${E(n)}</${m}>`}
			<${d} type="submit" busy=${r}>Send the link</${d}>
		</form>
		${t&&s`
			<${m} kind="note">If ${t} has an account here, a message with a link is on its way. The link works for half an hour. If nothing
				arrives, look in your spam folder, and ask again in ten minutes. If you can’t read mail at this address any more, ask <${Me} />.</${m}>`}`}function Ha(){let{version:t}=W.value;return s`
		<div class="page narrow help">
			<${Z} title="Help" />
			<h2>From Fathom to Loom</h2>
			<ol>
				<li>Save your Fathom API key in <a href=${G("fathom")}>Settings</a>. Your meetings are listed here.</li>
				<li>Copy a meeting: its video, summary and transcript are stored in your own database on this server.</li>
				<li>The video goes on to Loom: by itself if you have <a href=${G("loom")}>connected Loom</a>, otherwise you upload
				the file there and paste Loom’s link.</li>
			</ol>
			<h2>What is stored, and who can read it</h2>
			<p>Your meetings are kept in a database that belongs to you alone. The operator of this server can open it, and you see
			under <a href=${G("security")}>Security</a> when that happened. Keys are encrypted and never shown again.
			Nothing is deleted at Fathom or Loom. You can <a href=${G("data")}>download everything or delete your account</a>.</p>
			<h2>Loom’s limits</h2>
			<p>Loom’s free plan takes 25 videos of up to 5 minutes each. For others to see a video, its link must be visible to
			anyone who has it; Loom asks for that when you share.</p>
			<h2>When something doesn’t work</h2>
			<p>Every problem says what to do next. If it stays, tell the operator of this server what you did and when.</p>
			${t&&s`<p class="muted">Version ${t}</p>`}
		</div>`}function Zt(t,e){return t.map(({start:o,title:r},n)=>{let i=t[n+1]?.start??(e>0&&e<1/0?e:0);return{start:o,end:Math.max(i,o+1),title:r}})}var Bn=(t,e)=>t.findLastIndex(({start:o})=>o<=e);var In=["timeupdate","seeking"];function Kt(t,e,o=0){let r=()=>e(t?.readyState?t.currentTime:o),[n,i]=$(r);return y(()=>{let a=()=>i(r());a();for(let l of In)t?.addEventListener(l,a);return()=>{for(let l of In)t?.removeEventListener(l,a)}},[t,e,o]),n}function On({chapters:t,media:e,onSeek:o}){let r=Kt(e,de(n=>Bn(t,n),[t]));return Wa(t,e),t.length?s`
		<section>
			<h2 id="chapters-heading">Chapters</h2>
			<ol class="chapters" aria-labelledby="chapters-heading">
				${t.map(({start:n,title:i},a)=>s`
					<li key=${a}>
						<button type="button" aria-current=${a===r?"true":void 0} onClick=${()=>o(n)}>
							<span class="timestamp">${te(n)}</span>${" "}<span dir="auto">${i}</span>
						</button>
					</li>`)}
			</ol>
		</section>`:null}function Wa(t,e){y(()=>{if(!e||!t.length)return;let o=()=>Ya(e,t);return o(),e.addEventListener("durationchange",o),()=>e.removeEventListener("durationchange",o)},[t,e])}function Ya(t,e){let o=[...t.textTracks].find(({kind:r})=>r==="chapters")??t.addTextTrack("chapters","Chapters");o.mode="hidden";for(let r of[...o.cues??[]])o.removeCue(r);for(let{start:r,end:n,title:i}of Zt(e,t.duration))o.addCue(new VTTCue(r,n,i))}var Va=1e3*3600;function Mn(t){let e=X(t);if(!e)return;let o=new URL(e);if(!/(^|\.)fathom\.video$/.test(o.hostname))return;let r=o.searchParams.get("timestamp")??o.hash.match(/^#t=(.*)/)?.[1]??"",n=et(r)??(/^\d+(\.\d+)?$/.test(r)?Number(r):NaN);return n<Va?n:void 0}function qn(t,e){let o=X(t);if(!o)return"";let r=new URL(o),n=new URL(e),i=r.origin===n.origin||r.protocol==="https:"&&`www.${r.host}`===n.host,a=r.pathname.match(/^\/(?:share|embed)\/(?:[^/]*-)?([0-9a-f]{32})$/)?.[1];return i&&a?`${n.origin}/embed/${a}`:""}function Nn({url:t,title:e}){let[o,r]=$(!1),n=O(null);y(()=>{o&&n.current?.focus()},[o]);let i=qn(t,W.value.loomUploadURL);return i?o?s`
		<section class="loom-player" aria-label="On Loom">
			<iframe ref=${n} src=${i} title=${`Loom\u2019s video: ${e}`} allow="fullscreen; picture-in-picture" allowfullscreen
				sandbox="allow-scripts allow-same-origin allow-popups allow-presentation"></iframe>
			<${R} href=${t}>Open on Loom</${R}>
		</section>`:s`
			<section class="loom-player" aria-label="On Loom">
				<div class="actions">
					<${d} kind="quiet" onClick=${()=>r(!0)}>Play Loom’s video here</${d}>
					<${R} href=${t}>Open on Loom</${R}>
				</div>
				<p class="hint">Your browser then loads Loom’s player.</p>
			</section>`:null}function it({at:t,onSeek:e}){let o=typeof t=="number"?t:et(t);if(o===null)return null;let r=te(o);return e?s`<button type="button" class="link timestamp" aria-label=${`Play from ${r}`} onClick=${()=>e(o)}>${r}</button>`:s`<span class="timestamp">${r}</span>`}function zn({items:t,missing:e,onSeek:o}){return s`
		<section>
			<h2>Action items</h2>
			${t?.length?s`
				<ul class="todo">
					${t.map((r,n)=>s`
						<li key=${n}>
							<span class="what" dir="auto">${r.description}</span>
							<span class="muted">
								${r.completed&&s`<span class="finished"><${Ge} />Done</span>${" \xB7 "}`}
								${r.assignee?.name&&s`<bdi>${r.assignee.name}</bdi>${" \xB7 "}`}<${it} at=${r.recording_timestamp} onSeek=${o} />
							</span>
						</li>`)}
				</ul>`:e}
		</section>`}function Un({items:t,missing:e,onSeek:o}){return s`
		<section>
			<h2>Highlights</h2>
			${t?.length?s`
				<ul class="highlights">
					${t.map((r,n)=>s`
						<li key=${n}>
							<span class="what" dir="auto">${r.summary||r.text}</span>
							<span class="muted">${r.type&&`${r.type} \xB7 `}<${it} at=${Math.max(0,r.start_time||0)} onSeek=${o} /></span>
						</li>`)}
				</ul>`:e}
		</section>`}function Lo(){return{async:!1,breaks:!1,extensions:null,gfm:!0,hooks:null,pedantic:!1,renderer:null,silent:!1,tokenizer:null,walkTokens:null}}var He=Lo();function Xn(t){He=t}var ze={exec:()=>null};function Ne(t){let e=[];return o=>{let r=Math.max(0,Math.min(3,o-1)),n=e[r];return n||(n=t(r),e[r]=n),n}}function C(t,e=""){let o=typeof t=="string"?t:t.source,r={replace:(n,i)=>{let a=typeof i=="string"?i:i.source;return a=a.replace(Y.caret,"$1"),o=o.replace(n,a),r},getRegex:()=>new RegExp(o,e)};return r}var es=((t="")=>{try{return!!new RegExp("(?<=1)(?<!1)"+t)}catch{return!1}})(),Y={codeRemoveIndent:/^(?: {0,3}\t| {1,4})/gm,listInterruptsParagraph:/^ {0,3}(?:[*+-]|1[.)])[ \t]+[^ \t\n]/,outputLinkReplace:/\\([\[\]])/g,indentCodeCompensation:/^(\s+)(?:```)/,beginningSpace:/^\s+/,endingHash:/#$/,startingSpaceChar:/^ /,endingSpaceChar:/ $/,endingSpaceTabChar:/[ \t]$/,nonSpaceChar:/[^ ]/,newLineCharGlobal:/\n/g,tabCharGlobal:/\t/g,leadingSpaceTab:/^[ \t]+/,multipleSpaceGlobal:/\s+/g,blankLine:/^[ \t]*$/,doubleBlankLine:/\n[ \t]*\n[ \t]*$/,blockquoteStart:/^ {0,3}>/,blockquoteSetextReplace:/\n {0,3}((?:=+|-+)[ \t]*)(?=\n|$)/g,blockquoteSetextReplace2:/^ {0,3}>[ \t]?/gm,blockquoteMarkerWhitespace:/^( {0,3}>)(\t[ \t]*)/gm,nestedBlockMarker:/^ {0,3}(?:(?:[*+-]|\d{1,9}[.)])(?: |$)|> ?)/,listReplaceNesting:/^ {1,4}(?=( {4})*[^ ])/g,listIsTask:/^\[[ xX]\][ \t]+\S/,listReplaceTask:/^\[[ xX]\][ \t]+/,listTaskCheckbox:/\[[ xX]\]/,anyLine:/\n.*\n/,hrefBrackets:/^<(.*)>$/,tableDelimiter:/[:|]/,tableAlignChars:/^\||\| *$/g,tableRowBlankLine:/\n[ \t]*$/,tableAlignRight:/^ *-+: *$/,tableAlignCenter:/^ *:-+: *$/,tableAlignLeft:/^ *:-+ *$/,startATag:/^<a /i,endATag:/^<\/a>/i,startPreScriptTag:/^<(pre|code|kbd|script)(\s|>)/i,endPreScriptTag:/^<\/(pre|code|kbd|script)(\s|>)/i,startAngleBracket:/^</,endAngleBracket:/>$/,pedanticHrefTitle:/^([^'"]*[^\s])\s+(['"])(.*)\2/,unicodeAlphaNumeric:/[\p{L}\p{N}]/u,numericCharacterReference:/&#(?:(\d{1,7})|[Xx]([A-Fa-f0-9]{1,6}));/,numericCharacterReferenceOrAmpersand:/&#(?:(\d{1,7})|[Xx]([A-Fa-f0-9]{1,6}));|&(?!(#\d{1,7}|#[Xx][a-fA-F0-9]{1,6}|\w+);)/g,escapeTest:/[&<>"']/,escapeReplace:/[&<>"']/g,escapeTestNoEncode:/[<>"']|&(?!(#\d{1,7}|#[Xx][a-fA-F0-9]{1,6}|\w+);)/,escapeReplaceNoEncode:/[<>"']|&(?!(#\d{1,7}|#[Xx][a-fA-F0-9]{1,6}|\w+);)/g,caret:/(^|[^\[])\^/g,percentDecode:/%25/g,findPipe:/\|/g,splitPipe:/ \|/,slashPipe:/\\\|/g,carriageReturn:/\r\n|\r/g,spaceLine:/^ +$/gm,notSpaceStart:/^\S*/,endingNewline:/\n$/,listItemRegex:t=>new RegExp(`^( {0,3}${t})((?:[	 ][^\\n]*)?(?:\\n|$))`),nextBulletRegex:Ne(t=>new RegExp(`^ {0,${t}}(?:[*+-]|\\d{1,9}[.)])((?:[ 	][^\\n]*)?(?:\\n|$))`)),hrRegex:Ne(t=>new RegExp(`^ {0,${t}}((?:-[ 	]*){3,}|(?:_[ 	]*){3,}|(?:\\*[ 	]*){3,})(?:\\n+|$)`)),fencesBeginRegex:Ne(t=>new RegExp(`^ {0,${t}}(?:\`\`\`|~~~)`)),headingBeginRegex:Ne(t=>new RegExp(`^ {0,${t}}#{1,6}(?:\\s|$)`)),pedanticHeadingBeginRegex:Ne(t=>new RegExp(`^ {0,${t}}#`)),htmlBeginRegex:Ne(t=>new RegExp(`^ {0,${t}}(?:</?(?:${Po})(?:[ \\t]+|$|/?>)|<(?:(?:script|pre|style|textarea)(?:[\\s>]|$)|!--)|<\\?|<![A-Za-z]|<!\\[CDATA\\[)`,"i")),blockquoteBeginRegex:Ne(t=>new RegExp(`^ {0,${t}}>`)),nestedContainerMarkers:/^(?: {0,3}(?:(?:[*+-]|\d{1,9}[.)])[ \t]+|>[ \t]?))+/},Za=/^(?:[ \t]*(?:\n|$))+/,Ka=/^((?: {4}| {0,3}\t)[^\n]+(?:\n(?:[ \t]*(?:\n|$))*)?)+/,Qa=/^ {0,3}(`{3,}(?=[^`\n]*(?:\n|$))|~{3,})([^\n]*)(?:\n|$)(?:|([\s\S]*?)(?:\n|$))(?: {0,3}(?:(?=`)\1`*|(?=~)\1~*) *(?=\n|$)|$)/,vt=/^ {0,3}((?:-[\t ]*){3,}|(?:_[ \t]*){3,}|(?:\*[ \t]*){3,})(?:\n+|$)/,Ga=/^ {0,3}(#{1,6})(?=\s|$)(.*)(?:\n+|$)/,Ro=/ {0,3}(?:[*+-]|\d{1,9}[.)])/,Po="address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|dialog|dir|div|dl|dt|fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html|iframe|legend|li|link|main|menu|menuitem|meta|nav|noframes|ol|optgroup|option|p|param|search|section|summary|table|tbody|td|tfoot|th|thead|title|tr|track|ul",wt=C(" {0,3}(?:</?(?:tag)(?:[ \\t]+|\\n|/?>)|<(?:(?:script|pre|style|textarea)(?:[\\s>]|$)|!--)|<\\?|<![A-Za-z]|<!\\[CDATA\\[)").replace("tag",Po).getRegex(),ts=/^(?!bull |blockCode|fences|blockquote|heading|html|table)((?:.|\n(?!\s*?\n|bull |fences|blockquote|heading|hr|html|table))+?)\n {0,3}(=+|-+)[ \t]*(?:\n+|$)/,os=C(ts).replace(/bull/g,Ro).replace(/blockCode/g,/(?: {4}| {0,3}\t)/).replace(/fences/g,/ {0,3}(?:`{3,}|~{3,})/).replace(/blockquote/g,/ {0,3}>/).replace(/heading/g,/ {0,3}#{1,6}(?:\s|$)/).replace(/hr/g,/ {0,3}(?:(?:-[\t ]*){3,}|(?:_[ \t]*){3,}|(?:\*[ \t]*){3,})(?:\n+|$)/).replace(/\|table/g,"").replace(/html/g,wt).getRegex(),Ja=C(ts).replace(/bull/g,Ro).replace(/blockCode/g,/(?: {4}| {0,3}\t)/).replace(/fences/g,/ {0,3}(?:`{3,}|~{3,})/).replace(/blockquote/g,/ {0,3}>/).replace(/heading/g,/ {0,3}#{1,6}(?:\s|$)/).replace(/hr/g,/ {0,3}(?:(?:-[\t ]*){3,}|(?:_[ \t]*){3,}|(?:\*[ \t]*){3,})(?:\n+|$)/).replace(/table/g,/ {0,3}\|?(?:[:\- ]*\|)+[\:\- ]*\n/).replace(/html/g,wt).getRegex(),Eo=/^([^\n]+(?:\n(?!hr|heading|lheading|blockquote|fences|list|html|table|[ \t]+\n)[^\n]+)*)/,Xa=/^[^\n]+/,Do=/(?!\s*\])(?:\\[\s\S]|[^\[\]\\\n]|\n(?![ \t]*\n))+/,el=C(/^ {0,3}\[(label)\]: *(?:\n[ \t]*)?([^<\s][^\s]*|<(?:\\.|[^\n<>\\])*>)(?:(?: +(?:\n[ \t]*)?| *\n[ \t]*)(title))? *(?:\n+|$)/).replace("label",Do).replace("title",/(?:"(?:\\[\s\S]|[^"\\])*"|'(?:\\[\s\S]|[^'\\\n]|\n(?!\n))*'|\((?:\\[\s\S]|[^()\\])*\))/).getRegex(),tl=C(/^(bull)([ \t][^\n]*?)?(?:\n|$)/).replace(/bull/g,Ro).getRegex(),Fo=/<!--(?:-?>|[\s\S]*?(?:-->|$))/,ol=C("^ {0,3}(?:<(script|pre|style|textarea)[\\s>][\\s\\S]*?(?:</\\1>[^\\n]*\\n*|$)|comment[^\\n]*(\\n+|$)|<\\?[\\s\\S]*?(?:\\?>[^\\n]*\\n*|$)|<![A-Z][\\s\\S]*?(?:>[^\\n]*\\n*|$)|<!\\[CDATA\\[[\\s\\S]*?(?:\\]\\]>[^\\n]*\\n*|$)|</?(tag)(?:[ \\t]+|\\n|/?>|$)[\\s\\S]*?(?:(?:\\n[ 	]*)+\\n|$)|<(?!(?:script|pre|style|textarea)(?![a-z0-9-]))([a-z][a-z0-9-]*)(?:attribute)*?[ \\t]*/?>(?=[ \\t]*(?:\\n|$))[\\s\\S]*?(?:(?:\\n[ 	]*)+\\n|$)|</[a-z][a-z0-9-]*\\s*>(?=[ \\t]*(?:\\n|$))[\\s\\S]*?(?:(?:\\n[ 	]*)+\\n|$))","i").replace("comment",Fo).replace("tag",Po).replace("attribute",/[ \t]+[a-zA-Z:_][\w.:-]*(?:[ \t]*=[ \t]*"[^"\n]*"|[ \t]*=[ \t]*'[^'\n]*'|[ \t]*=[ \t]*[^\s"'=<>`]+)?/).getRegex(),rs=t=>C(Eo).replace("hr",vt).replace("heading"," {0,3}#{1,6}(?:\\s|$)").replace("|lheading","").replace("|table","").replace("blockquote"," {0,3}>").replace("fences"," {0,3}(?:`{3,}(?=[^`\\n]*(?:\\n|$))|~~~)[^\\n]*(?:\\n|$)").replace("list",t).replace("html",wt).getRegex(),rl=rs(/ {0,3}(?:[*+-]|1[.)])[ \t]+[^ \t\n]/),nl=rs(/ {0,3}(?:[*+-]|\d{1,9}[.)])(?:[ \t]|\n|$)/),sl=C(/^( {0,3}> ?(?:(?![ \t]*(?:\n|$))(paragraph)|[^\n]*)(?:\n|$))+/).replace("paragraph",nl).getRegex(),Bo={blockquote:sl,code:Ka,def:el,fences:Qa,heading:Ga,hr:vt,html:ol,lheading:os,list:tl,newline:Za,paragraph:rl,table:ze,text:Xa},jn=C("^ *([^\\n ].*)\\n {0,3}((?:\\| *)?:?-+:? *(?:\\| *:?-+:? *)*(?:\\| *)?)(?:\\n((?:(?! *\\n|hr|heading|blockquote|code|fences|list|html).*(?:\\n|$))*)\\n*|$)").replace("hr",vt).replace("heading"," {0,3}#{1,6}(?:\\s|$)").replace("blockquote"," {0,3}>").replace("code","(?: {4}| {0,3}	)[^\\n]").replace("fences"," {0,3}(?:`{3,}(?=[^`\\n]*(?:\\n|$))|~~~)[^\\n]*(?:\\n|$)").replace("list"," {0,3}(?:[*+-]|1[.)])[ \\t]").replace("html",wt).getRegex(),il={...Bo,lheading:Ja,table:jn,paragraph:C(Eo).replace("hr",vt).replace("heading"," {0,3}#{1,6}(?:\\s|$)").replace("|lheading","").replace("table",jn).replace("blockquote"," {0,3}>").replace("fences"," {0,3}(?:`{3,}(?=[^`\\n]*(?:\\n|$))|~~~)[^\\n]*(?:\\n|$)").replace("list"," {0,3}(?:[*+-]|1[.)])[ \\t]+[^ \\t\\n]").replace("html",wt).getRegex()},al={...Bo,html:C(`^ *(?:comment(?: *\\n|\\s*$)|<(tag)[\\s\\S]+?</\\1>(?: *\\n{2,}|\\s*$)|<tag(?:"[^"]*"|'[^']*'|\\s[^'"/>\\s]*)*?/?>(?: *\\n{2,}|\\s*$))`).replace("comment",Fo).replace(/tag/g,"(?!(?:a|em|strong|small|s|cite|q|dfn|abbr|data|time|code|var|samp|kbd|sub|sup|i|b|u|mark|ruby|rt|rp|bdi|bdo|span|br|wbr|ins|del|img)\\b)\\w+(?!:|[^\\w\\s@]*@)\\b").getRegex(),def:/^ *\[([^\]]+)\]: *<?([^\s>]+)>?(?: +(["(][^\n]+[")]))? *(?:\n+|$)/,heading:/^(#{1,6})(.*)(?:\n+|$)/,fences:ze,lheading:/^(.+?)\n {0,3}(=+|-+) *(?:\n+|$)/,paragraph:C(Eo).replace("hr",vt).replace("heading",` *#{1,6} *[^
]`).replace("|table","").replace("blockquote"," {0,3}>").replace("|fences","").replace("|list","").replace("|html","").replace("|tag","").replace("lheading",os).getRegex()},ll=/^\\([!"#$%&'()*+,\-./:;<=>?@\[\]\\^_`{|}~])/,cl=/^(`+)([^`]|[^`][\s\S]*?[^`])\1(?!`)/,ns=/^( {2,}|\\)\n(?!\s*$)[ \t]*/,dl=/^(`+|[^`])(?:(?= {2,}\n)|[\s\S]*?(?:(?=[\\<!\[`*_]|\b_|$)|[^ ](?= {2,}\n)))/,fe=/[\p{P}\p{S}]/u,lt=/[\s\p{P}\p{S}]/u,xt=/[^\s\p{P}\p{S}]/u,ul=C(/^((?![*_])punctSpace)/,"u").replace(/punctSpace/g,lt).getRegex(),pl=/[\p{Pi}\p{Ps}"']/u,ss=/(?!~)[\p{P}\p{S}]/u,ml=/(?!~)[\s\p{P}\p{S}]/u,hl=/(?:[^\s\p{P}\p{S}]|~)/u,fl=C(/link|precode-code|html/,"g").replace("link",/\[(?:[^\[\]`]|(?<a>`+)[^`]+\k<a>(?!`))*?\]\((?:\\[\s\S]|[^\\\(\)]|\((?:\\[\s\S]|[^\\\(\)])*\))*\)/).replace("precode-",es?"(?<!`)()":"(^^|[^`])").replace("code",/(?<b>`+)[^`]+\k<b>(?!`)/).replace("html",/<(?! )[^<>]*?>/).getRegex(),is=/^(?:\*+(?:((?!\*)punct)|([^\s*]))?)|^_+(?:((?!_)punct)|([^\s_]))?/,$l=C(is,"u").replace(/punct/g,fe).getRegex(),gl=C(is,"u").replace(/punct/g,ss).getRegex(),kl=/^(?:\*+(?:((?!\*)(?!openQuote)punct)|([^\s*]))?)|^_+(?:((?!_)(?!openQuote)punct)|([^\s_]))?/,bl=C(kl,"u").replace(/openQuote/g,pl).replace(/punct/g,fe).getRegex(),as="^[^_*]*?__[^_*]*?\\*[^_*]*?(?=__)|[^*]+(?=[^*])|(?!\\*)punct(\\*+)(?=[\\s]|$)|notPunctSpace(\\*+)(?!\\*)(?=punctSpace|$)|(?!\\*)punctSpace(\\*+)(?=notPunctSpace)|[\\s](\\*+)(?!\\*)(?=punct)|(?!\\*)punct(\\*+)(?!\\*)(?=punct)|notPunctSpace(\\*+)(?=notPunctSpace)",yl=C(as,"gu").replace(/notPunctSpace/g,xt).replace(/punctSpace/g,lt).replace(/punct/g,fe).getRegex(),vl=C(as,"gu").replace(/notPunctSpace/g,hl).replace(/punctSpace/g,ml).replace(/punct/g,ss).getRegex(),wl="^[^_*]*?__[^_*]*?\\*[^_*]*?(?=__)|[^*]+(?=[^*])|(?!\\*)punct(\\*+)(?=[\\s]|$)|notPunctSpace(\\*+)(?!\\*)(?=punctSpace|$)|(?!\\*)[\\s](\\*+)(?=notPunctSpace)|[\\s](\\*+)(?!\\*)(?=punct)|(?!\\*)punct(\\*+)(?!\\*)(?=punct)|(?:(?!\\*)punct|notPunctSpace)(\\*+)(?!\\*)(?=notPunctSpace)",xl=C(wl,"gu").replace(/notPunctSpace/g,xt).replace(/punctSpace/g,lt).replace(/punct/g,fe).getRegex(),Sl=C("^[^_*]*?\\*\\*[^_*]*?_[^_*]*?(?=\\*\\*)|[^_]+(?=[^_])|(?!_)punct(_+)(?=[\\s]|$)|notPunctSpace(_+)(?!_)(?=punctSpace|$)|(?!_)punctSpace(_+)(?=notPunctSpace)|[\\s](_+)(?!_)(?=punct)|(?!_)punct(_+)(?!_)(?=punct)","gu").replace(/notPunctSpace/g,xt).replace(/punctSpace/g,lt).replace(/punct/g,fe).getRegex(),Tl="^[^_*]*?\\*\\*[^_*]*?_[^_*]*?(?=\\*\\*)|[^_]+(?=[^_])|(?!_)punct(_+)(?=[\\s]|$)|notPunctSpace(_+)(?!_)(?=punctSpace|$)|(?!_)[\\s](_+)(?=notPunctSpace)|[\\s](_+)(?!_)(?=punct)|(?!_)punct(_+)(?!_)(?=punct)|(?:(?!_)punct|notPunctSpace)(_+)(?!_)(?=notPunctSpace)",Cl=C(Tl,"gu").replace(/notPunctSpace/g,xt).replace(/punctSpace/g,lt).replace(/punct/g,fe).getRegex(),Al=C(/^~~?(?:((?!~)punct)|[^\s~])/,"u").replace(/punct/g,fe).getRegex(),_l="^[^~]+(?=[^~])|(?!~)punct(~~?)(?=[\\s]|$)|notPunctSpace(~~?)(?!~)(?=punctSpace|$)|(?!~)punctSpace(~~?)(?=notPunctSpace)|[\\s](~~?)(?!~)(?=punct)|(?!~)punct(~~?)(?!~)(?=punct)|notPunctSpace(~~?)(?=notPunctSpace)",Ll=C(_l,"gu").replace(/notPunctSpace/g,xt).replace(/punctSpace/g,lt).replace(/punct/g,fe).getRegex(),Rl=C(/\\(punct)/,"gu").replace(/punct/g,fe).getRegex(),Pl=C(/(`+)(?:[^`]|[^`][\s\S]*?[^`])\1(?!`)|`+|\\(punct)/,"gu").replace(/punct/g,fe).getRegex(),El=C(/^<(scheme:[^\s\x00-\x1f<>]*|email)>/).replace("scheme",/[a-zA-Z][a-zA-Z0-9+.-]{1,31}/).replace("email",/[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+(@)[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)+(?![-_])/).getRegex(),Dl=C(Fo).replace("(?:-->|$)","-->").getRegex(),Fl=C("^comment|^</[a-zA-Z][a-zA-Z0-9-]*\\s*>|^<[a-zA-Z][a-zA-Z0-9-]*(?:attribute)*?\\s*/?>|^<\\?[\\s\\S]*?\\?>|^<![a-zA-Z]+\\s[\\s\\S]*?>|^<!\\[CDATA\\[[\\s\\S]*?\\]\\]>").replace("comment",Dl).replace("attribute",/\s+[a-zA-Z:_][\w.:-]*(?:\s*=\s*"[^"]*"|\s*=\s*'[^']*'|\s*=\s*[^\s"'=<>`]+)?/).getRegex(),ls=/\[(?:\\[\s\S]|[^\[\]\\])*\]/,Jt=C(/(?:\[(?:brackets|\\[\s\S]|[^\[\]\\])*\]|\\[\s\S]|`+(?!`)[^`]*?`+(?!`)|``+(?=\])|[^\[\]\\`])*?/).replace("brackets",ls).getRegex(),Bl=C(/^!?\[(label)\]\([ \t\n]*(href)(?:(?:[ \t]+(?:\n[ \t]*)?|\n[ \t]*)(title))?[ \t\n]*\)/).replace("label",Jt).replace("href",/<(?:\\.|[^\n<>\\])*>|(?!<)[^ \t\n\x00-\x1f]+|(?=\))/).replace("title",/"(?:\\[\s\S]|[^"\\])*"|'(?:\\[\s\S]|[^'\\])*'|\((?:\\[\s\S]|[^)\\])*\)/).getRegex(),Il=C(/^!?\[(label)\]\[(ref)\]/).replace("label",Jt).replace("ref",Do).getRegex(),Ol=C(/^!?\[(ref)\](?:\[\])?/).replace("ref",Do).getRegex(),Hn=/(?!\s*\])(?:\\[\s\S]|[^\[\]\\]){1,999}/,Ml=C(/(?:[^\[\]\\`]*(?:\[(?:brackets|\\[\s\S]|[^\[\]\\])*\]|\\[\s\S]|`+(?!`)[^`]*?`+(?!`)|``+(?=\]))){0,999}?[^\[\]\\`]*?/).replace("brackets",ls).getRegex(),ql=C("reflink|nolink(?!\\()","g").replace("reflink",C(/^!?\[(label)\]\[(ref)\]/).replace("label",Ml).replace("ref",Hn).getRegex()).replace("nolink",C(/^!?\[(ref)\](?:\[\])?/).replace("ref",Hn).getRegex()).getRegex(),Wn=/[hH][tT][tT][pP][sS]?|[fF][tT][pP]/,Nl=/[A-Za-z0-9._+-]+@[a-zA-Z0-9-_]+(?:\.[a-zA-Z0-9-_]*[a-zA-Z0-9])+(?![\w-])/,zl=C(/(?:mailto:email|xmpp:email(?:\/[A-Za-z0-9@.]+)?)/).replace(/email/g,Nl).getRegex(),Io={_backpedal:ze,anyPunctuation:Rl,anyPunctuationOutsideCode:Pl,autolink:El,blockSkip:fl,br:ns,code:cl,del:ze,delLDelim:ze,delRDelim:ze,emStrongLDelim:$l,emStrongRDelimAst:yl,emStrongRDelimUnd:Sl,escape:ll,link:Bl,nolink:Ol,punctuation:ul,reflink:Il,reflinkSearch:ql,tag:Fl,text:dl,url:ze},Ul={...Io,emStrongLDelim:bl,emStrongRDelimAst:xl,emStrongRDelimUnd:Cl,link:C(/^!?\[(label)\]\((.*?)\)/).replace("label",Jt).getRegex(),reflink:C(/^!?\[(label)\]\s*\[([^\]]*)\]/).replace("label",Jt).getRegex()},Co={...Io,emStrongRDelimAst:vl,emStrongLDelim:gl,delLDelim:Al,delRDelim:Ll,url:C(/^emailProtocol|^((?:protocol):\/\/|www\.)(?:[a-zA-Z0-9\-]+\.?)+[^\s<]*|^email/).replace("emailProtocol",zl).replace("protocol",Wn).replace("email",/[A-Za-z0-9._+-]+(@)[a-zA-Z0-9-_]+(?:\.[a-zA-Z0-9-_]*[a-zA-Z0-9])+(?![\w-])/).getRegex(),_backpedal:/(?:[^?!.,:;*_'"~()&]+|\([^)]*\)|&(?![a-zA-Z0-9]+;$)|[?!.,:;*_'"~)]+(?!$))+/,del:/^(~~?)(?=[^\s~])((?:\\[\s\S]|[^\\])*?(?:\\[\s\S]|[^\s~\\]))\1(?=[^~]|$)/,text:C(/^(?:[^a-zA-Z0-9](?=emailProtocol)|(`+|~+|[^`~])(?:(?=[`~])|(?= {2,}\n)|(?=[a-zA-Z0-9.!#$%&'*+\/=?_`{\|}~-]+@)|[\s\S]*?(?:(?=[\\<!\[`*~_]|\b_|protocol:\/\/|wwwStart|$)|[^ ](?= {2,}\n)|[^a-zA-Z0-9](?=emailProtocol)|[^a-zA-Z0-9.!#$%&'*+\/=?_`{\|}~-](?=[a-zA-Z0-9.!#$%&'*+\/=?_`{\|}~-]+@))))/).replace("protocol",Wn).replace(/emailProtocol/g,/(?:mailto|xmpp):/).replace("wwwStart",es?"(?<![^\\s*_~(])www\\.":"www\\.").getRegex()},jl={...Co,br:C(ns).replace("{2,}","*").getRegex(),text:C(Co.text).replace("\\b_","\\b_| {2,}\\n").replace(/\{2,\}/g,"*").getRegex()},Qt={normal:Bo,gfm:il,pedantic:al},bt={normal:Io,gfm:Co,breaks:jl,pedantic:Ul},Hl={"&":"&amp;","<":"&lt;",">":"&gt;",'"':"&quot;","'":"&#39;"},Yn=t=>Hl[t];function re(t,e){if(e){if(Y.escapeTest.test(t))return t.replace(Y.escapeReplace,Yn)}else if(Y.escapeTestNoEncode.test(t))return t.replace(Y.escapeReplaceNoEncode,Yn);return t}function Wl(t){return Y.numericCharacterReference.test(t)?t.replace(Y.numericCharacterReferenceOrAmpersand,(e,o,r)=>{if(o===void 0&&r===void 0)return"&amp;";let n=o===void 0?Number.parseInt(r,16):Number.parseInt(o,10);return n===0||n>1114111||n>=55296&&n<=57343?"\uFFFD":n===38?"&amp;":String.fromCodePoint(n)}):t}function Vn(t){try{t=encodeURI(t).replace(Y.percentDecode,"%")}catch{return null}return t}function Zn(t,e){let o=t.replace(Y.findPipe,(i,a,l)=>{let c=!1,p=a;for(;--p>=0&&l[p]==="\\";)c=!c;return c?"|":" |"}),r=o.split(Y.splitPipe),n=0;if(r[0].trim()||r.shift(),r.length>0&&!r.at(-1)?.trim()&&r.pop(),e)if(r.length>e)r.splice(e);else for(;r.length<e;)r.push("");for(;n<r.length;n++)r[n]=r[n].trim().replace(Y.slashPipe,"|");return r}function ye(t,e,o){let r=t.length;if(r===0)return"";let n=0;for(;n<r;){let i=t.charAt(r-n-1);if(i===e&&!o)n++;else if(i!==e&&o)n++;else break}return t.slice(0,r-n)}function Kn(t){let e=t.split(`
`),o=e.length-1;for(;o>=0&&Y.blankLine.test(e[o]);)o--;return e.length-o<=2?t:e.slice(0,o+1).join(`
`)}function Xt(t){return t.trim().replace(Y.multipleSpaceGlobal," ").toLowerCase().toUpperCase().toLowerCase()}function Qn(t,e){if(t.indexOf(e[0])===-1&&t.indexOf(e[1])===-1)return-1;let o=0;for(let r=0;r<t.length;r++)if(t[r]==="\\")r++;else if(t[r]===e[0])o++;else if(t[r]===e[1]&&(o--,o<0))return r;return o>0?-2:-1}var at=new WeakMap;function Oo(t){let e={"*":-1,_:-1},o=-1,r=t.length;for(let n=0;n<r;n++){let i=t[n];if(i!=="*"&&i!=="_"&&i!=="~")continue;let a=n===0?`
`:t[n-1],l=n+1;for(;l<r&&t[l]===i;)l++;a!==" "&&a!=="	"&&a!==`
`&&a!=="\r"&&a!=="\f"&&(i==="~"?o=n:e[i]=n),n=l-1}return{maskedSrc:t,lastPossibleEmStrongCloserIndex:e,lastPossibleDelCloserIndex:o}}function Yl(t,e){let o=Oo(e),r=at.get(t);r?r.push(o):at.set(t,[o])}function Vl(t){let e=at.get(t);e&&(e.pop(),e.length===0&&at.delete(t))}function cs(t,e,o){let r=at.get(t)?.at(-1);return r&&r.maskedSrc===e?r.lastPossibleEmStrongCloserIndex[o]:Oo(e).lastPossibleEmStrongCloserIndex[o]}function ds(t,e){let o=at.get(t)?.at(-1);return o&&o.maskedSrc===e?o.lastPossibleDelCloserIndex:Oo(e).lastPossibleDelCloserIndex}function Gt(t,e=0){let o=e,r="";for(let n of t)if(n==="	"){let i=4-o%4;r+=" ".repeat(i),o+=i}else r+=n,o++;return r}function Zl(t,e){let o="";for(let r=0;r<t.length;r++){if(t[r]==="`"){let n=e.inline.code.exec(t.slice(r));if(n){o+=n[0],r+=n[0].length-1;continue}}if(t[r]==="\\"&&(t[r+1]==="["||t[r+1]==="]")){o+=t[r+1],r++;continue}o+=t[r]}return o}function Gn(t,e,o,r,n){let i=e.href,a=e.title||null,l=Zl(t[1],n),c=t[0].charAt(0)==="!",p=r.state.inLink,u=r.state.linkEmitted,h=r.state.inRawBlock;r.state.inLink=!0,r.state.linkEmitted=!1;let f=r.inlineTokens(l),g=r.state.linkEmitted;if(r.state.linkEmitted=u,r.state.inLink=p,!c){if(g){r.state.inRawBlock=h;return}r.state.linkEmitted=!0}return{type:c?"image":"link",raw:o,href:i,title:a,text:l,tokens:f}}function Kl(t,e,o){let r=t.match(o.other.indentCodeCompensation);if(r===null)return e;let n=r[1];return e.split(`
`).map(i=>{let a=i.match(o.other.beginningSpace);if(a===null)return i;let[l]=a;return i.slice(Math.min(l.length,n.length))}).join(`
`)}function Jn(t,e,o,r){if(!e.includes("<"))return!1;for(let n=0;n<e.length;n++){if(e[n]==="\\"){n++;continue}if(e[n]==="`"){let l=r.inline.code.exec(e.slice(n));if(l){n+=l[0].length-1;continue}}if(e[n]!=="<")continue;let i=t.slice(o+n),a=r.inline.tag.exec(i)||r.inline.autolink.exec(i);if(a){if(a[0].length>e.length-n)return!0;n+=a[0].length-1}}return!1}var Ue=class{options;rules;lexer;constructor(t){this.options=t||He}space(t){let e=this.rules.block.newline.exec(t);if(e&&e[0].length>0)return{type:"space",raw:e[0]}}code(t){let e=this.rules.block.code.exec(t);if(e){let o=this.options.pedantic?e[0]:Kn(e[0]),r=o.replace(this.rules.other.codeRemoveIndent,"");return{type:"code",raw:o,codeBlockStyle:"indented",text:r}}}fences(t){let e=this.rules.block.fences.exec(t);if(e){let o=e[0],r=Kl(o,e[3]||"",this.rules);return e[3]!==void 0&&(r===""||r.endsWith(`
`))&&(r+=`
`),{type:"code",raw:o,lang:e[2]?e[2].trim().replace(this.rules.inline.anyPunctuation,"$1"):e[2],text:r}}}heading(t){let e=this.rules.block.heading.exec(t);if(e){let o=e[2].trim();if(this.rules.other.endingHash.test(o)){let r=ye(o,"#");(this.options.pedantic||!r||this.rules.other.endingSpaceTabChar.test(r))&&(o=r.trim())}return{type:"heading",raw:ye(e[0],`
`),depth:e[1].length,text:o,tokens:this.lexer.inline(o)}}}hr(t){let e=this.rules.block.hr.exec(t);if(e)return{type:"hr",raw:ye(e[0],`
`)}}blockquote(t){let e=this.rules.block.blockquote.exec(t);if(e){let o=ye(e[0],`
`).split(`
`),r="",n="",i=[];for(;o.length>0;){let a=!1,l=[],c;for(c=0;c<o.length;c++)if(this.rules.other.blockquoteStart.test(o[c]))l.push(o[c]),a=!0;else if(!a)l.push(o[c]);else break;o=o.slice(c);let p=l.join(`
`),u=p.replace(this.rules.other.blockquoteMarkerWhitespace,(g,v,S)=>S.startsWith(" ")?v+" "+S.slice(1):v+Gt(S,v.length)).replace(this.rules.other.blockquoteSetextReplace,`
    $1`).replace(this.rules.other.blockquoteSetextReplace2,"");r=r?`${r}
${p}`:p,n=n?`${n}
${u}`:u;let h=this.lexer.state.top;if(this.lexer.state.top=!0,this.lexer.blockTokens(u,i,!0),this.lexer.state.top=h,o.length===0)break;let f=i.at(-1);if(f?.type==="code"||f?.type==="heading"||f?.type==="hr"||f?.type==="html"||f?.type==="table")break;if(f?.type==="blockquote"){let g=f,v=o.join(`
`),S=g.raw+`
`+v.replace(this.rules.other.blockquoteSetextReplace2,""),x=this.blockquote(S);i[i.length-1]=x;let w=S.substring(x.raw.length).replace(/^\n/,""),L=w?w.split(`
`).length:0,A=L?o.slice(0,-L):o;if(A.length>0&&(r=`${r}
${A.join(`
`)}`),n=n.substring(0,n.length-g.text.length)+x.text,o=o.slice(A.length),o.length>0&&this.rules.other.blockquoteStart.test(o[0]))continue;break}else if(f?.type==="list"){let g=f,v=g.raw+`
`+o.join(`
`),S=this.list(v);i[i.length-1]=S;let x=S.raw.length>g.raw.length?v.slice(g.raw.length+1,S.raw.length).split(`
`).length:0;if(x>0){let w=o.slice(0,x).join(`
`);r=`${r}
${w}`,n=`${n}
${w}`}if(o=o.slice(x),o.length>0&&!this.rules.other.blockquoteStart.test(o[0]))break;continue}}return{type:"blockquote",raw:r,tokens:i,text:n}}}list(t){let e=this.rules.block.list.exec(t);if(e){if(!this.options.pedantic&&this.lexer.state.lastToken?.type==="text"&&!this.rules.other.listInterruptsParagraph.test(t))return;let o=t,r=()=>o.length-t.length,n=e[1].trim(),i=n.length>1,a={type:"list",raw:"",ordered:i,start:i?+n.slice(0,-1):"",loose:!1,items:[]};n=i?`\\d{1,9}\\${n.slice(-1)}`:`\\${n}`,this.options.pedantic&&(n=i?n:"[*+-]");let l=this.rules.other.listItemRegex(n),c=!1;for(;t;){let h=!1,f="";if(!(e=l.exec(t))||this.rules.block.hr.test(t))break;let g=r();t=t.substring(e[0].length);let v=e[2].split(`
`,1)[0],S=e[1].length,x=this.options.pedantic?Gt(v,S):v.replace(this.rules.other.leadingSpaceTab,$e=>Gt($e,S)),w=t.split(`
`,1)[0],L=!x.trim(),A=0;if(this.options.pedantic?(A=2,f=x.trimStart()):L?A=S+1:(A=x.search(this.rules.other.nonSpaceChar),A=A>4?1:A,f=x.slice(A),A+=S),L&&this.rules.other.blankLine.test(w)&&(t=t.substring(w.length+1),h=!0),!h){let $e=this.rules.other.nextBulletRegex(A),K=this.rules.other.hrRegex(A),ge=this.rules.other.fencesBeginRegex(A),Be=this.options.pedantic?this.rules.other.pedanticHeadingBeginRegex(A):this.rules.other.headingBeginRegex(A),pt=this.rules.other.htmlBeginRegex(A),Rt=this.rules.other.blockquoteBeginRegex(A),bo=!1;for(;t;){let pr=t.split(`
`,1)[0],Ve;if(w=pr,this.options.pedantic?(w=w.replace(this.rules.other.listReplaceNesting,"  "),Ve=w):Ve=w.replace(this.rules.other.leadingSpaceTab,se=>Gt(se)),ge.test(w)||Be.test(w)||pt.test(w)||Rt.test(w)||$e.test(w)||K.test(w))break;if(Ve.search(this.rules.other.nonSpaceChar)>=A||!w.trim())f+=`
`+Ve.slice(A),bo=!1;else{if(L)break;let se=x;if(!this.options.pedantic&&!f.includes(`
`)&&!x.includes("	")){let Ze;for(;!K.test(se)&&(Ze=this.rules.other.nestedBlockMarker.exec(se));)se=se.slice(Ze[0].length);if(!se.trim())break}if(se.replace(this.rules.other.tabCharGlobal,"    ").search(this.rules.other.nonSpaceChar)>=4||ge.test(se)||Be.test(se)||pt.test(se)||K.test(se))break;if(!this.options.pedantic&&!bo){let Ze=x.replace(this.rules.other.nestedContainerMarkers,"");if(this.rules.block.fences.test(Ze)||this.rules.block.heading.test(Ze)||this.rules.block.hr.test(Ze))break}let $a=!this.options.pedantic&&/^ {0,3}(?:=+|-+) *$/.test(w)&&this.rules.block.lheading.test(`${x}
${w}`)?`    ${Ve.replace(/^ {0,3}/,"")}`:w;f+=`
`+$a,bo=!0}L=!w.trim(),t=t.substring(pr.length+1),x=Ve.slice(A)}}let M=o.slice(g,r());a.loose||(c?a.loose=!0:this.rules.other.doubleBlankLine.test(M)&&(c=!0)),a.items.push({type:"list_item",raw:M,task:!!this.options.gfm&&this.rules.other.listIsTask.test(f),loose:!1,text:f,tokens:[]})}let p=a.items.at(-1);if(p)p.raw=p.raw.trimEnd(),p.text=p.text.trimEnd();else return;a.raw=o.slice(0,r()).trimEnd();let u=[];for(let h of a.items)if(this.lexer.state.top=!1,u.push(this.lexer.inlineQueue.length),h.tokens=this.lexer.blockTokens(h.text,[]),!a.loose){let f=h.tokens.filter(v=>v.type==="space"),g=f.length>0&&f.some(v=>this.rules.other.anyLine.test(v.raw));a.loose=g}for(let h=0;h<a.items.length;h++){let f=a.items[h],g=f.tokens[0];if(f.task&&(g?.type==="text"||g?.type==="paragraph")){f.text=f.text.replace(this.rules.other.listReplaceTask,""),g.raw=g.raw.replace(this.rules.other.listReplaceTask,""),g.text=g.text.replace(this.rules.other.listReplaceTask,"");let v=this.lexer.inlineQueue;for(let x=u[h];x<v.length;x++)if(v[x].tokens===g.tokens){v[x].src=v[x].src.replace(this.rules.other.listReplaceTask,"");break}let S=this.rules.other.listTaskCheckbox.exec(f.raw);if(S){let x={type:"checkbox",raw:S[0]+" ",checked:S[0]!=="[ ]"};f.checked=x.checked,a.loose?f.tokens[0]&&["paragraph","text"].includes(f.tokens[0].type)&&"tokens"in f.tokens[0]&&f.tokens[0].tokens?(f.tokens[0].raw=x.raw+f.tokens[0].raw,f.tokens[0].text=x.raw+f.tokens[0].text,f.tokens[0].tokens.unshift(x)):f.tokens.unshift({type:"paragraph",raw:x.raw,text:x.raw,tokens:[x]}):f.tokens.unshift(x)}}else f.task&&(f.task=!1)}if(a.loose)for(let h of a.items){h.loose=!0;for(let f of h.tokens)f.type==="text"&&(f.type="paragraph")}return a}}html(t){let e=this.rules.block.html.exec(t);if(e){if(this.lexer.state.lastToken?.type==="paragraph"&&!this.rules.other.htmlBeginRegex(4).test(t))return;let o=Kn(e[0]);return{type:"html",block:!0,raw:o,pre:e[1]==="pre"||e[1]==="script"||e[1]==="style",text:o}}}def(t){let e=this.rules.block.def.exec(t);if(e){if(!this.rules.other.startAngleBracket.test(e[2])&&Qn(e[2],"()")!==-1)return;let o=Xt(e[1]),r=e[2]?e[2].replace(this.rules.other.hrefBrackets,"$1").replace(this.rules.inline.anyPunctuation,"$1"):"",n=e[3]?e[3].substring(1,e[3].length-1).replace(this.rules.inline.anyPunctuation,"$1"):e[3];return{type:"def",tag:o,raw:ye(e[0],`
`),href:r,title:n}}}table(t){let e=this.rules.block.table.exec(t);if(!e||!this.rules.other.tableDelimiter.test(e[2]))return;let o=Zn(e[1]),r=e[2].replace(this.rules.other.tableAlignChars,"").split("|"),n=e[3]?.trim()?e[3].replace(this.rules.other.tableRowBlankLine,"").split(`
`):[],i={type:"table",raw:ye(e[0],`
`),header:[],align:[],rows:[]};if(o.length===r.length){for(let a of r)this.rules.other.tableAlignRight.test(a)?i.align.push("right"):this.rules.other.tableAlignCenter.test(a)?i.align.push("center"):this.rules.other.tableAlignLeft.test(a)?i.align.push("left"):i.align.push(null);for(let a=0;a<o.length;a++)i.header.push({text:o[a],tokens:this.lexer.inline(o[a]),header:!0,align:i.align[a]});for(let a of n)i.rows.push(Zn(a,i.header.length).map((l,c)=>({text:l,tokens:this.lexer.inline(l),header:!1,align:i.align[c]})));return i}}lheading(t){let e=this.rules.block.lheading.exec(t);if(e){let o=e[1].trim();return{type:"heading",raw:ye(e[0],`
`),depth:e[2].charAt(0)==="="?1:2,text:o,tokens:this.lexer.inline(o)}}}paragraph(t){let e=this.rules.block.paragraph.exec(t);if(e){let o=e[1].charAt(e[1].length-1)===`
`?e[1].slice(0,-1):e[1];return{type:"paragraph",raw:e[0],text:o,tokens:this.lexer.inline(o)}}}text(t){let e=this.rules.block.text.exec(t);if(e)return{type:"text",raw:e[0],text:e[0],tokens:this.lexer.inline(e[0])}}escape(t){if(t.charCodeAt(0)!==92)return;let e=this.rules.inline.escape.exec(t);if(e)return{type:"escape",raw:e[0],text:e[1]}}tag(t){if(t.charCodeAt(0)!==60)return;let e=this.rules.inline.tag.exec(t);if(e)return!this.lexer.state.inLink&&this.rules.other.startATag.test(e[0])?this.lexer.state.inLink=!0:this.lexer.state.inLink&&this.rules.other.endATag.test(e[0])&&(this.lexer.state.inLink=!1),!this.lexer.state.inRawBlock&&this.rules.other.startPreScriptTag.test(e[0])?this.lexer.state.inRawBlock=!0:this.lexer.state.inRawBlock&&this.rules.other.endPreScriptTag.test(e[0])&&(this.lexer.state.inRawBlock=!1),{type:"html",raw:e[0],inLink:this.lexer.state.inLink,inRawBlock:this.lexer.state.inRawBlock,block:!1,text:e[0]}}link(t){if(this.lexer.state.linkParenPossible===!1)return;let e=t.charCodeAt(0);if(e!==91&&e!==33)return;let o=this.rules.inline.link.exec(t);if(o){let r=o[0].charAt(0)==="!"?2:1;if(!this.options.pedantic&&Jn(t,o[1],r,this.rules))return;let n=o[2].trim();if(!this.options.pedantic&&this.rules.other.startAngleBracket.test(n)){if(!this.rules.other.endAngleBracket.test(n))return;let c=ye(n.slice(0,-1),"\\");if((n.length-c.length)%2===0)return}else{let c=Qn(o[2],"()");if(c===-2)return;if(c>-1){let p=(o[0].indexOf("!")===0?5:4)+o[1].length+c;o[2]=o[2].substring(0,c),o[0]=o[0].substring(0,p).trim(),o[3]=""}}let i=ye(o[0].slice(0,-1),"\\");if((o[0].length-i.length)%2===0)return;let a=o[2],l="";if(this.options.pedantic){let c=this.rules.other.pedanticHrefTitle.exec(a);c&&(a=c[1],l=c[3])}else l=o[3]?o[3].slice(1,-1):"";return a=a.trim(),this.rules.other.startAngleBracket.test(a)&&(this.options.pedantic&&!this.rules.other.endAngleBracket.test(n)?a=a.slice(1):a=a.slice(1,-1)),Gn(o,{href:a&&a.replace(this.rules.inline.anyPunctuation,"$1"),title:l&&l.replace(this.rules.inline.anyPunctuation,"$1")},o[0],this.lexer,this.rules)}}reflink(t,e){let o=t.charCodeAt(0);if(o!==91&&o!==33)return;let r;if((r=this.rules.inline.reflink.exec(t))||(r=this.rules.inline.nolink.exec(t))){let n=r[0].charAt(0)==="!"?2:1;if(!this.options.pedantic&&Jn(t,r[1],n,this.rules))return;let i=e[Xt(r[2]||r[1])];if(!i){let a=r[0].charAt(0);return{type:"text",raw:a,text:a}}return Gn(r,i,r[0],this.lexer,this.rules)}}emStrong(t,e,o=""){let r=this.rules.inline.emStrongLDelim.exec(t);if(!r||!r[1]&&!r[2]&&!r[3]&&!r[4])return;let n=r[0][0],i=o===n,a=e.length-t.length,l=a;for(;!this.options.pedantic&&l>0&&e[l-1]===n;)l--;let c=[...e.slice(Math.max(0,l-2),l)].at(-1)??"",p=c==="*"||c==="_"||!!this.rules.inline.punctuation.exec(c);l<a&&(o=c);let u=l<a?p:o==="*"||o==="_"||!!this.rules.inline.punctuation.exec(o);if(r[4]&&o.match(this.rules.other.unicodeAlphaNumeric))return;let h=r[1]||r[3]||"";if(!h||!o||u){let f=[...r[0]].length-1,g,v,S=f,x=0,w=a-l+f,L=!this.options.pedantic&&!!c.trim()&&(!!h||n==="*"&&!p);if(n!=="*"&&n!=="_")return;let A=n==="*"?this.rules.inline.emStrongRDelimAst:this.rules.inline.emStrongRDelimUnd,M=cs(this,e,n),$e=e.length-t.length+f;if(M<$e)return;e=e.slice(-1*t.length+f);let K=M-$e;for(A.lastIndex=0;(r=A.exec(e))!==null&&!(r.index>K);){if(g=r[1]||r[2]||r[3]||r[4]||r[5]||r[6],!g)continue;if(v=[...g].length,r[3]||r[4]){S+=v;continue}else if((r[5]||r[6]||L)&&w%3&&!((w+v)%3)){if(i&&(r[5]||r[6]))break;x+=v;continue}if(S-=v,S>0)continue;v=Math.min(v,v+S+x);let ge=[...r[0]][0].length,Be=t.slice(0,f+r.index+ge+v);if(Math.min(f,v)%2){let Rt=Be.slice(1,-1);return{type:"em",raw:Be,text:Rt,tokens:this.lexer.inlineTokens(Rt)}}let pt=Be.slice(2,-2);return{type:"strong",raw:Be,text:pt,tokens:this.lexer.inlineTokens(pt)}}}}codespan(t){if(t.charCodeAt(0)!==96)return;let e=this.rules.inline.code.exec(t);if(e){let o=e[2].replace(this.rules.other.newLineCharGlobal," "),r=this.rules.other.nonSpaceChar.test(o),n=this.rules.other.startingSpaceChar.test(o)&&this.rules.other.endingSpaceChar.test(o);return r&&n&&(o=o.substring(1,o.length-1)),{type:"codespan",raw:e[0],text:o}}}br(t){let e=t.charCodeAt(0);if(e!==32&&e!==92&&e!==10)return;let o=this.rules.inline.br.exec(t);if(o)return{type:"br",raw:o[0]}}del(t,e,o=""){if(t.charCodeAt(0)!==126)return;let r=this.rules.inline.delLDelim.exec(t);if(r&&(!r[1]||!o||this.rules.inline.punctuation.exec(o))){let n=[...r[0]].length-1,i,a,l=n,c=this.rules.inline.delRDelim,p=ds(this,e),u=e.length-t.length+n;if(p<u)return;e=e.slice(-1*t.length+n);let h=p-u;for(c.lastIndex=0;(r=c.exec(e))!==null&&!(r.index>h);){if(i=r[1]||r[2]||r[3]||r[4]||r[5]||r[6],!i||(a=[...i].length,a!==n))continue;if(r[3]||r[4]){l+=a;continue}if(l-=a,l>0)continue;a=Math.min(a,a+l);let f=[...r[0]][0].length,g=t.slice(0,n+r.index+f+a),v=g.slice(n,-n);return{type:"del",raw:g,text:v,tokens:this.lexer.inlineTokens(v)}}}}autolink(t){if(t.charCodeAt(0)!==60)return;let e=this.rules.inline.autolink.exec(t);if(e){let o,r;return e[2]==="@"?(o=e[1],r="mailto:"+o):(o=e[1],r=o),{type:"link",raw:e[0],text:o,href:r,autolink:!0,tokens:[{type:"text",raw:o,text:o}]}}}url(t){let e;if(e=this.rules.inline.url.exec(t)){let o,r;if(e[2]==="@")o=e[0],r="mailto:"+o;else{let n;do n=e[0],e[0]=this.rules.inline._backpedal.exec(e[0])?.[0]??"";while(n!==e[0]);o=e[0],e[1]==="www."?r="http://"+e[0]:r=e[0]}return{type:"link",raw:e[0],text:o,href:r,autolink:!0,tokens:[{type:"text",raw:o,text:o}]}}}inlineText(t){let e=this.rules.inline.text.exec(t);if(e){let o=this.lexer.state.inRawBlock;return{type:"text",raw:e[0],text:o?e[0]:Wl(e[0]),escaped:o}}}},ne=class Ao{tokens;options;state;inlineQueue;tokenizer;constructor(e){this.tokens=[],this.tokens.links=Object.create(null),this.options=e||He,this.options.tokenizer=this.options.tokenizer||new Ue,this.tokenizer=this.options.tokenizer,this.tokenizer.options=this.options,this.tokenizer.lexer=this,this.inlineQueue=[],this.state={inLink:!1,inRawBlock:!1,linkEmitted:!1,linkParenPossible:!0,top:!0};let o={other:Y,block:Qt.normal,inline:bt.normal};this.options.pedantic?(o.block=Qt.pedantic,o.inline=bt.pedantic):this.options.gfm&&(o.block=Qt.gfm,this.options.breaks?o.inline=bt.breaks:o.inline=bt.gfm),this.tokenizer.rules=o}static get rules(){return{block:Qt,inline:bt}}static lex(e,o){return new Ao(o).lex(e)}static lexInline(e,o){return new Ao(o).inlineTokens(e)}lex(e){e=e.replace(Y.carriageReturn,`
`),this.blockTokens(e,this.tokens);for(let o=0;o<this.inlineQueue.length;o++){let r=this.inlineQueue[o];this.state.inRawBlock=!1,this.inlineTokens(r.src,r.tokens)}return this.inlineQueue=[],this.tokens}blockTokens(e,o=[],r=!1){this.tokenizer.lexer=this;let n=this.state.lastToken;this.options.pedantic&&(e=e.replace(Y.tabCharGlobal,"    ").replace(Y.spaceLine,""));let i=1/0,a,l=this.options.gfm&&!this.options.pedantic&&this.tokenizer.paragraph===Ue.prototype.paragraph;for(;e;){if(e.length<i)i=e.length;else{this.infiniteLoopError(e.charCodeAt(0));break}this.state.lastToken=o.at(-1);let c;if(this.options.extensions?.block?.some(u=>(c=u.call({lexer:this},e,o))?(e=e.substring(c.raw.length),o.push(c),!0):!1))continue;if(c=this.tokenizer.space(e)){e=e.substring(c.raw.length);let u=o.at(-1);c.raw.length===1&&u!==void 0?u.raw+=`
`:o.push(c);continue}if(c=this.tokenizer.code(e)){e=e.substring(c.raw.length);let u=o.at(-1);u?.type==="paragraph"||u?.type==="text"?(u.raw+=(u.raw.endsWith(`
`)?"":`
`)+c.raw,u.text+=`
`+c.text,this.inlineQueue.at(-1).src=u.text):o.push(c);continue}if(c=this.tokenizer.fences(e)){e=e.substring(c.raw.length),o.push(c);continue}if(c=this.tokenizer.heading(e)){e=e.substring(c.raw.length),o.push(c);continue}if(c=this.tokenizer.hr(e)){e=e.substring(c.raw.length),o.push(c);continue}if(c=this.tokenizer.blockquote(e)){e=e.substring(c.raw.length),o.push(c);continue}if(c=this.tokenizer.list(e)){e=e.substring(c.raw.length),o.push(c);continue}if(c=this.tokenizer.html(e)){e=e.substring(c.raw.length),o.push(c);continue}if(c=this.tokenizer.def(e)){e=e.substring(c.raw.length);let u=o.at(-1);u?.type==="paragraph"||u?.type==="text"?(u.raw+=(u.raw.endsWith(`
`)?"":`
`)+c.raw,u.text+=`
`+c.raw,this.inlineQueue.at(-1).src=u.text):(this.tokens.links[c.tag]||(this.tokens.links[c.tag]={href:c.href,title:c.title}),o.push(c));continue}if(c=this.tokenizer.table(e)){e=e.substring(c.raw.length),o.push(c);continue}if(c=this.tokenizer.lheading(e)){e=e.substring(c.raw.length),o.push(c);continue}let p=e;if(this.options.extensions?.startBlock){let u=1/0,h=e.slice(1),f;this.options.extensions.startBlock.forEach(g=>{f=g.call({lexer:this},h),typeof f=="number"&&f>=0&&(u=Math.min(u,f))}),u<1/0&&u>=0&&(p=e.substring(0,u+1))}if(this.state.top&&(c=this.tokenizer.paragraph(p))){let u=o.at(-1);(r||u===a&&l)&&u?.type==="paragraph"?(u.raw+=(u.raw.endsWith(`
`)?"":`
`)+c.raw,u.text+=`
`+c.text,this.inlineQueue.pop(),this.inlineQueue.at(-1).src=u.text,a=u):(o.push(c),a=c),r=p.length!==e.length,e=e.substring(c.raw.length);continue}if(c=this.tokenizer.text(e)){e=e.substring(c.raw.length);let u=o.at(-1);u?.type==="text"?(u.raw+=(u.raw.endsWith(`
`)?"":`
`)+c.raw,u.text+=`
`+c.text,this.inlineQueue.pop(),this.inlineQueue.at(-1).src=u.text):o.push(c);continue}if(e){this.infiniteLoopError(e.charCodeAt(0));break}}return this.state.top=!0,this.state.lastToken=n,o}inline(e,o=[]){return this.inlineQueue.push({src:e,tokens:o}),o}linkInText(e){if(!e.includes("["))return!1;let o=this.tokenizer.rules.inline.link;for(let r of e.matchAll(this.tokenizer.rules.inline.blockSkip))if(o.test(r[0])&&e.charAt(r.index-1)!=="!")return!0;for(let r of e.matchAll(this.tokenizer.rules.inline.reflinkSearch)){let n=r[0],i=n.lastIndexOf("[");if(!(n.charAt(0)==="!"||!Object.hasOwn(this.tokens.links,Xt(n.slice(i+1,-1))))&&!(i>1&&this.linkInText(n.slice(1,i-1))))return!0}return!1}inlineTokens(e,o=[]){this.tokenizer.lexer=this;let r=this.state.linkParenPossible;this.state.linkParenPossible=e.includes(")");try{return this.#e(e,o)}finally{this.state.linkParenPossible=r}}#e(e,o){let r=e.includes("*")||e.includes("_")||e.includes("~"),n=r||this.options.hooks?.emStrongMask||this.tokenizer.emStrong!==Ue.prototype.emStrong||this.tokenizer.del!==Ue.prototype.del?this.#o(e):e;if(!r)return this.#r(e,n,o);Yl(this.tokenizer,n);try{return this.#r(e,n,o)}finally{Vl(this.tokenizer)}}#r(e,o,r){let n=!1,i="",a=1/0;for(;e;){if(e.length<a)a=e.length;else{this.infiniteLoopError(e.charCodeAt(0));break}n||(i=""),n=!1;let l;if(this.options.extensions?.inline?.some(u=>(l=u.call({lexer:this},e,r))?(e=e.substring(l.raw.length),r.push(l),!0):!1))continue;if(l=this.tokenizer.escape(e)){e=e.substring(l.raw.length),r.push(l);continue}if(l=this.tokenizer.tag(e)){e=e.substring(l.raw.length),r.push(l);continue}if(l=this.tokenizer.link(e)){e=e.substring(l.raw.length),r.push(l);continue}if(l=this.tokenizer.reflink(e,this.tokens.links)){e=e.substring(l.raw.length);let u=r.at(-1);l.type==="text"&&u?.type==="text"?(u.raw+=l.raw,u.text+=l.text):r.push(l);continue}let c=e[0];if(c==="*"||c==="_"){let u=o.length-e.length;if(cs(this.tokenizer,o,c)<=u){let h=1;for(;h<e.length&&e.charCodeAt(h)===c.charCodeAt(0);)h++;let f=e.substring(0,h),g=r.at(-1);g?.type==="text"&&!g.escaped?(g.raw+=f,g.text+=f):r.push({type:"text",raw:f,text:f,escaped:!1}),e=e.substring(h),i=c,n=!0;continue}}else if(c==="~"){let u=o.length-e.length;if(ds(this.tokenizer,o)<=u){let h=1;for(;h<e.length&&e.charCodeAt(h)===126;)h++;let f=e.substring(0,h),g=r.at(-1);g?.type==="text"&&!g.escaped?(g.raw+=f,g.text+=f):r.push({type:"text",raw:f,text:f,escaped:!1}),e=e.substring(h),i=c,n=!0;continue}}if(l=this.tokenizer.emStrong(e,o,i)){e=e.substring(l.raw.length),r.push(l);continue}if(l=this.tokenizer.codespan(e)){e=e.substring(l.raw.length),r.push(l);continue}if(l=this.tokenizer.br(e)){e=e.substring(l.raw.length),r.push(l);continue}if(l=this.tokenizer.del(e,o,i)){e=e.substring(l.raw.length),r.push(l);continue}if(l=this.tokenizer.autolink(e)){e=e.substring(l.raw.length),r.push(l);continue}if(!this.state.inLink&&(l=this.tokenizer.url(e))){e=e.substring(l.raw.length),r.push(l);continue}let p=e;if(this.options.extensions?.startInline){let u=1/0,h=e.slice(1),f;this.options.extensions.startInline.forEach(g=>{f=g.call({lexer:this},h),typeof f=="number"&&f>=0&&(u=Math.min(u,f))}),u<1/0&&u>=0&&(p=e.substring(0,u+1))}if(l=this.tokenizer.inlineText(p)){e=e.substring(l.raw.length),l.raw.slice(-1)!=="_"&&(i=l.raw.slice(-1)),n=!0;let u=r.at(-1);u?.type==="text"?(u.raw+=l.raw,u.text+=l.text):r.push(l);continue}if(e){this.infiniteLoopError(e.charCodeAt(0));break}}return r}#t(e){let{blockSkip:o,tag:r,autolink:n}=this.tokenizer.rules.inline,i="",a=0,l;for(o.lastIndex=0;l=o.exec(e);){let c=l.index+(l[2]?l[2].length:0),p=l.index+l[0].length;if(e.charAt(c)==="<"){let u=e.slice(c),h=r.exec(u)||n.exec(u);if(!h){o.lastIndex=c+1;continue}p=c+h[0].length,o.lastIndex=p}i+=e.slice(a,c)+"["+"a".repeat(p-c-2)+"]",a=p}return i+e.slice(a)}#o(e){let o=e;if(this.tokens.links&&e.includes("[")){let r=this.tokenizer.rules.inline.reflinkSearch,n=i=>{let a=i.lastIndexOf("[");if(!Object.hasOwn(this.tokens.links,Xt(i.slice(a+1,-1))))return i;if(a>1&&i.charAt(0)!=="!"){let l=i.slice(1,a-1);if(this.linkInText(l))return"["+l.replace(r,n)+"]["+"a".repeat(i.length-a-2)+"]"}return"["+"a".repeat(i.length-2)+"]"};o=o.replace(r,n)}return o=o.replace(this.tokenizer.rules.inline.anyPunctuationOutsideCode,(r,n,i)=>i?"+".repeat(r.length):n?n+r.slice(n.length,-n.length).replace(/`/g,"+")+n:r),o=this.#t(o),o=this.options.hooks?.emStrongMask?.call({lexer:this},o)??o,o}infiniteLoopError(e){let o="Infinite loop on byte: "+e;if(this.options.silent)console.error(o);else throw new Error(o)}},eo=class{options;parser;constructor(t){this.options=t||He}space(t){return""}code({text:t,lang:e,escaped:o}){let r=(e||"").match(Y.notSpaceStart)?.[0],n=t?t.replace(Y.endingNewline,"")+`
`:"";return r?'<pre><code class="language-'+re(r)+'">'+(o?n:re(n,!0))+`</code></pre>
`:"<pre><code>"+(o?n:re(n,!0))+`</code></pre>
`}blockquote({tokens:t}){return`<blockquote>
${this.parser.parse(t)}</blockquote>
`}html({text:t}){return t}def(t){return""}heading({tokens:t,depth:e}){return`<h${e}>${this.parser.parseInline(t)}</h${e}>
`}hr(t){return`<hr>
`}list(t){let e=t.ordered,o=t.start,r="";for(let a=0;a<t.items.length;a++){let l=t.items[a];r+=this.listitem(l)}let n=e?"ol":"ul",i=e&&o!==1?' start="'+o+'"':"";return"<"+n+i+`>
`+r+"</"+n+`>
`}listitem(t){return`<li>${this.parser.parse(t.tokens)}</li>
`}checkbox({checked:t}){return"<input "+(t?'checked="" ':"")+'disabled="" type="checkbox"> '}paragraph({tokens:t}){return`<p>${this.parser.parseInline(t)}</p>
`}table(t){let e="",o="";for(let n=0;n<t.header.length;n++)o+=this.tablecell(t.header[n]);e+=this.tablerow({text:o});let r="";for(let n=0;n<t.rows.length;n++){let i=t.rows[n];o="";for(let a=0;a<i.length;a++)o+=this.tablecell(i[a]);r+=this.tablerow({text:o})}return r&&(r=`<tbody>${r}</tbody>`),`<table>
<thead>
`+e+`</thead>
`+r+`</table>
`}tablerow({text:t}){return`<tr>
${t}</tr>
`}tablecell(t){let e=this.parser.parseInline(t.tokens),o=t.header?"th":"td";return(t.align?`<${o} align="${t.align}">`:`<${o}>`)+e+`</${o}>
`}strong({tokens:t}){return`<strong>${this.parser.parseInline(t)}</strong>`}em({tokens:t}){return`<em>${this.parser.parseInline(t)}</em>`}codespan({text:t}){return`<code>${re(t,!0)}</code>`}br(t){return"<br>"}del({tokens:t}){return`<del>${this.parser.parseInline(t)}</del>`}link({href:t,title:e,text:o,tokens:r,autolink:n}){let i=n?re(o,!0):this.parser.parseInline(r),a=Vn(t);if(a===null)return i;t=re(a,n);let l='<a href="'+t+'"';return e&&(l+=' title="'+re(e)+'"'),l+=">"+i+"</a>",l}image({href:t,title:e,text:o,tokens:r}){r&&(o=this.parser.parseInline(r,this.parser.textRenderer));let n=Vn(t);if(n===null)return re(o);t=n;let i=`<img src="${re(t)}" alt="${re(o)}"`;return e&&(i+=` title="${re(e)}"`),i+=">",i}text(t){return"tokens"in t&&t.tokens?this.parser.parseInline(t.tokens):"escaped"in t&&t.escaped?t.text:re(t.text)}},Mo=class{parser;strong({text:t,tokens:e}){return e?this.parser.parseInline(e,this):t}em({text:t,tokens:e}){return e?this.parser.parseInline(e,this):t}codespan({text:t}){return t}del({text:t,tokens:e}){return e?this.parser.parseInline(e,this):t}html({text:t}){return t}text({text:t}){return t}link({text:t,tokens:e}){return e?this.parser.parseInline(e,this):t}image({text:t,tokens:e}){return e?this.parser.parseInline(e,this):t}br(){return`
`}checkbox({raw:t}){return t}},me=class _o{options;renderer;textRenderer;constructor(e){this.options=e||He,this.options.renderer=this.options.renderer||new eo,this.renderer=this.options.renderer,this.renderer.options=this.options,this.renderer.parser=this,this.textRenderer=new Mo,this.textRenderer.parser=this}static parse(e,o){return new _o(o).parse(e)}static parseInline(e,o){return new _o(o).parseInline(e)}parse(e){this.renderer.parser=this;let o="";for(let r=0;r<e.length;r++){let n=e[r];if(this.options.extensions?.renderers?.[n.type]){let a=n,l=this.options.extensions.renderers[a.type].call({parser:this},a);if(l!==!1||!["space","hr","heading","code","table","blockquote","list","checkbox","html","def","paragraph","text"].includes(a.type)){o+=l===!1?"":l??"";continue}}let i=n;switch(i.type){case"space":{o+=this.renderer.space(i);break}case"hr":{o+=this.renderer.hr(i);break}case"heading":{o+=this.renderer.heading(i);break}case"code":{o+=this.renderer.code(i);break}case"table":{o+=this.renderer.table(i);break}case"blockquote":{o+=this.renderer.blockquote(i);break}case"list":{o+=this.renderer.list(i);break}case"checkbox":{o+=this.renderer.checkbox(i);break}case"html":{o+=this.renderer.html(i);break}case"def":{o+=this.renderer.def(i);break}case"paragraph":{o+=this.renderer.paragraph(i);break}case"text":{o+=this.renderer.text(i);break}default:{let a='Token with "'+i.type+'" type was not found.';if(this.options.silent)return console.error(a),"";throw new Error(a)}}}return o}parseInline(e,o=this.renderer){this.renderer.parser=this;let r="";for(let n=0;n<e.length;n++){let i=e[n];if(this.options.extensions?.renderers?.[i.type]){let l=this.options.extensions.renderers[i.type].call({parser:this},i);if(l!==!1||!["escape","html","link","image","checkbox","strong","em","codespan","br","del","text"].includes(i.type)){r+=l===!1?"":l??"";continue}}let a=i;switch(a.type){case"escape":{r+=o.text(a);break}case"html":{r+=o.html(a);break}case"link":{r+=o.link(a);break}case"image":{r+=o.image(a);break}case"checkbox":{r+=o.checkbox(a);break}case"strong":{r+=o.strong(a);break}case"em":{r+=o.em(a);break}case"codespan":{r+=o.codespan(a);break}case"br":{r+=o.br(a);break}case"del":{r+=o.del(a);break}case"text":{r+=o.text(a);break}default:{let l='Token with "'+a.type+'" type was not found.';if(this.options.silent)return console.error(l),"";throw new Error(l)}}}return r}},yt=class{options;block;constructor(t){this.options=t||He}static passThroughHooks=new Set(["preprocess","postprocess","processAllTokens","emStrongMask"]);static passThroughHooksRespectAsync=new Set(["preprocess","postprocess","processAllTokens"]);preprocess(t){return t}postprocess(t){return t}processAllTokens(t){return t}emStrongMask(t){return t}provideLexer(t=this.block){return t?ne.lex:ne.lexInline}provideParser(t=this.block){return t?me.parse:me.parseInline}};function Pe(t,e){if(Array.isArray(e))for(let o=0;o<e.length;o++)t.push(e[o]);else t.push(e)}var Ql=class{defaults=Lo();options=this.setOptions;parse=this.parseMarkdown(!0);parseInline=this.parseMarkdown(!1);Parser=me;Renderer=eo;TextRenderer=Mo;Lexer=ne;Tokenizer=Ue;Hooks=yt;constructor(...t){this.use(...t)}walkTokens(t,e){let o=[];for(let r of t)switch(Pe(o,e.call(this,r)),r.type){case"table":{let n=r;for(let i of n.header)Pe(o,this.walkTokens(i.tokens,e));for(let i of n.rows)for(let a of i)Pe(o,this.walkTokens(a.tokens,e));break}case"list":{let n=r;Pe(o,this.walkTokens(n.items,e));break}default:{let n=r;this.defaults.extensions?.childTokens?.[n.type]?this.defaults.extensions.childTokens[n.type].forEach(i=>{let a=n[i].flat(1/0);Pe(o,this.walkTokens(a,e))}):n.tokens&&Pe(o,this.walkTokens(n.tokens,e))}}return o}use(...t){let e=this.defaults.extensions||{renderers:Object.create(null),childTokens:Object.create(null)};return t.forEach(o=>{let r={...o};if(r.async=this.defaults.async||r.async||!1,o.extensions&&(o.extensions.forEach(n=>{if(!n.name)throw new Error("extension name required");if("renderer"in n){let i=e.renderers[n.name];i?e.renderers[n.name]=function(...a){let l=n.renderer.apply(this,a);return l===!1&&(l=i.apply(this,a)),l}:e.renderers[n.name]=n.renderer}if("tokenizer"in n){if(!n.level||n.level!=="block"&&n.level!=="inline")throw new Error("extension level must be 'block' or 'inline'");let i=e[n.level];i?i.unshift(n.tokenizer):e[n.level]=[n.tokenizer],n.start&&(n.level==="block"?e.startBlock?e.startBlock.push(n.start):e.startBlock=[n.start]:n.level==="inline"&&(e.startInline?e.startInline.push(n.start):e.startInline=[n.start]))}"childTokens"in n&&n.childTokens&&(e.childTokens[n.name]=n.childTokens)}),r.extensions=e),o.renderer){let n=this.defaults.renderer||new eo(this.defaults);for(let i in o.renderer){if(!(i in n))throw new Error(`renderer '${i}' does not exist`);if(["options","parser"].includes(i))continue;let a=i,l=o.renderer[a],c=n[a];n[a]=(...p)=>{let u=l.apply(n,p);return u===!1&&(u=c.apply(n,p)),u===!1?"":u??""}}r.renderer=n}if(o.tokenizer){let n=this.defaults.tokenizer||new Ue(this.defaults);for(let i in o.tokenizer){if(!(i in n))throw new Error(`tokenizer '${i}' does not exist`);if(["options","rules","lexer"].includes(i))continue;let a=i,l=o.tokenizer[a],c=n[a];n[a]=(...p)=>{let u=l.apply(n,p);return u===!1&&(u=c.apply(n,p)),u}}r.tokenizer=n}if(o.hooks){let n=this.defaults.hooks||new yt;for(let i in o.hooks){if(!(i in n))throw new Error(`hook '${i}' does not exist`);if(["options","block"].includes(i))continue;let a=i,l=o.hooks[a],c=n[a];yt.passThroughHooks.has(i)?n[a]=p=>{if(n.options.async&&yt.passThroughHooksRespectAsync.has(i))return(async()=>{let h=await l.call(n,p);return c.call(n,h)})();let u=l.call(n,p);return c.call(n,u)}:n[a]=(...p)=>{if(n.options.async)return(async()=>{let h=await l.apply(n,p);return h===!1&&(h=await c.apply(n,p)),h})();let u=l.apply(n,p);return u===!1&&(u=c.apply(n,p)),u}}r.hooks=n}if(o.walkTokens){let n=this.defaults.walkTokens,i=o.walkTokens;r.walkTokens=function(a){let l=[];return Pe(l,i.call(this,a)),n&&Pe(l,n.call(this,a)),l}}this.defaults={...this.defaults,...r}}),this}setOptions(t){return this.defaults={...this.defaults,...t},this}lexer(t,e){return ne.lex(t,e??this.defaults)}parser(t,e){return me.parse(t,e??this.defaults)}parseMarkdown(t){return(e,o)=>{let r={...o},n={...this.defaults,...r},i=this.onError(!!n.silent,!!n.async);if(this.defaults.async===!0&&r.async===!1)return i(new Error("marked(): The async option was set to true by an extension. Remove async: false from the parse options object to return a Promise."));if(typeof e>"u"||e===null)return i(new Error("marked(): input parameter is undefined or null"));if(typeof e!="string")return i(new Error("marked(): input parameter is of type "+Object.prototype.toString.call(e)+", string expected"));if(n.hooks&&(n.hooks.options=n,n.hooks.block=t),n.async)return(async()=>{let a=n.hooks?await n.hooks.preprocess(e):e,l=await(n.hooks?await n.hooks.provideLexer(t):t?ne.lex:ne.lexInline)(a,n),c=n.hooks?await n.hooks.processAllTokens(l):l;n.walkTokens&&await Promise.all(this.walkTokens(c,n.walkTokens));let p=await(n.hooks?await n.hooks.provideParser(t):t?me.parse:me.parseInline)(c,n);return n.hooks?await n.hooks.postprocess(p):p})().catch(i);try{n.hooks&&(e=n.hooks.preprocess(e));let a=(n.hooks?n.hooks.provideLexer(t):t?ne.lex:ne.lexInline)(e,n);n.hooks&&(a=n.hooks.processAllTokens(a)),n.walkTokens&&this.walkTokens(a,n.walkTokens);let l=(n.hooks?n.hooks.provideParser(t):t?me.parse:me.parseInline)(a,n);return n.hooks&&(l=n.hooks.postprocess(l)),l}catch(a){return i(a)}}}onError(t,e){return o=>{if(o.message+=`
Please report this to https://github.com/markedjs/marked.`,t){let r="<p>An error occurred:</p><pre>"+re(o.message+"",!0)+"</pre>";return e?Promise.resolve(r):r}if(e)return Promise.reject(o);throw o}}},je=new Ql;function D(t,e){return je.parse(t,e)}D.options=D.setOptions=function(t){return je.setOptions(t),D.defaults=je.defaults,Xn(D.defaults),D};D.getDefaults=Lo;D.defaults=He;function Gl(...t){return je.use(...t),D.defaults=je.defaults,Xn(D.defaults),D}D.use=Gl;D.walkTokens=function(t,e){return je.walkTokens(t,e)};D.parseInline=je.parseInline;D.Parser=me;D.parser=me.parse;D.Renderer=eo;D.TextRenderer=Mo;D.Lexer=ne;D.lexer=ne.lex;D.Tokenizer=Ue;D.Hooks=yt;D.parse=D;var uh=D.options,ph=D.setOptions,mh=D.walkTokens,hh=D.parseInline;var fh=me.parse,$h=ne.lex;var St={characters:5e4,inlineCharacters:4e3,depth:16,nodes:5e3},qo=class extends ne{#e=0;blockTokens(e,o=[],r){return this.#r(e,o,()=>super.blockTokens(e,o,r))}inlineTokens(e,o=[]){return e.length>St.inlineCharacters?us(e,o):this.#r(e,o,()=>super.inlineTokens(e,o))}#r(e,o,r){if(this.#e>=St.depth)return us(e,o);this.#e++;try{return r()}finally{this.#e--}}};function us(t,e){return e.push({type:"text",raw:t,text:t}),e}var zo=t=>t.slice(0,St.characters);function ms(t,e=()=>{}){let o=new qo({gfm:!0}).lex(zo(t)),r=new No(o,e);return{nodes:r.children(o),truncated:r.isFull||t.length>St.characters}}var No=class{#e=St.nodes;#r;#t;constructor(e,o){this.#t=o;let r=e.filter(({type:n})=>n==="heading").map(({depth:n})=>n);this.#r=3-Math.min(6,...r)}get isFull(){return this.#e<=0}children(e){return this.#o(e,o=>this.#s(o))}#o(e,o){let r=[];for(let n of e){if(this.isFull)break;this.#e--,r.push(o(n))}return r}#s(e){switch(e.type){case"space":case"def":case"checkbox":return null;case"heading":return q(`h${Math.min(e.depth+this.#r,6)}`,null,this.#n(e));case"paragraph":return q("p",null,this.#n(e));case"blockquote":case"strong":case"em":case"del":return q(e.type,null,this.#n(e));case"list":return q(e.ordered?"ol":"ul",e.ordered&&e.start!==1?{start:e.start}:null,this.#o(e.items,o=>this.#a(o)));case"table":return this.#l(e);case"code":return q("pre",null,q("code",null,e.text));case"codespan":return q("code",null,e.text);case"hr":case"br":return q(e.type,null);case"link":return this.#i(e.autolink?e.href:to(e.href),this.#n(e));case"image":return ps(to(e.href),to(e.text??"")||"Image");default:return this.#n(e)}}#n(e){if(e.tokens)return this.children(e.tokens);let o=e.text??e.raw;return e.type==="text"&&e.escaped===!1?to(o):o}#i(e,o){let r=this.#t(e);return r===void 0?ps(e,o):q("button",{type:"button",class:"link","data-at":r},o)}#a(e){return e.task?q("li",{class:e.checked?"task done":"task"},q("span",{class:"box","aria-hidden":"true"}),q("span",{class:"hidden"},e.checked?"Done: ":"To do: "),this.#n(e)):q("li",null,this.#n(e))}#l(e){let o=r=>n=>q(r,n.align?{class:`align-${n.align}`}:null,this.#n(n));return q("div",{class:"table-scroll"},q("table",null,q("thead",null,q("tr",null,this.#o(e.header,o("th")))),q("tbody",null,this.#o(e.rows,r=>q("tr",null,this.#o(r,o("td")))))))}};function ps(t,e){let o=X(t,Pr);return o?q("a",{href:o,target:"_blank",rel:"noopener noreferrer"},e):e}var Jl={amp:"&",lt:"<",gt:">",quot:'"',apos:"'",nbsp:"\xA0",ndash:"\u2013",mdash:"\u2014",hellip:"\u2026",rsquo:"\u2019",lsquo:"\u2018"};function to(t){return t.replace(/&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|([a-z]+));/g,(e,o,r,n)=>{if(n)return Jl[n]??e;let i=o?Number(o):parseInt(r,16);return i>0&&i<=1114111?String.fromCodePoint(i):"\uFFFD"})}function hs({text:t,onSeek:e}){return s`
		<${wo} key=${t} fallback=${s`<p class="plain-text" dir="auto">${zo(t)}</p>`}>
			<${Xl} text=${t} onSeek=${e} />
		</${wo}>`}function Xl({text:t,onSeek:e}){let o=!!e,{nodes:r,truncated:n}=Q(()=>ms(t,o?Mn:void 0),[t,o]);return s`
		<div class="prose" dir="auto" onClick=${a=>{let l=a.target.closest("[data-at]")?.dataset.at;l!==void 0&&e?.(Number(l))}}>${r}</div>
		${n&&s`<p class="muted">Only the beginning is shown, because this text is very long.</p>`}`}var Uo={summary:"summary",action_items:"action items",highlights:"highlights",transcript:"transcript"};function fs(t,e){let o=Uo[e];switch(t){case"waiting":return"Not ready yet. Fathom is asked again automatically.";case"none":return`Fathom has no ${o} for this meeting.`;default:return`The ${o} ${o.endsWith("s")?"have":"has"} not been copied yet. Fathom is asked after the next sync.`}}function $s({workspace:{jobs:t},meeting:e,part:o}){let{run:r,busy:n,error:i}=k(()=>t.requestParts(e.recording_id)),a=t.all.some(c=>c.kind==="fathom.parts"&&c.payload?.recording_id===e.recording_id&&ve(c)),l=e.parts?.[o];return l==="ready"?s`<p class="muted">Loading…</p>`:s`
		<p class="muted">
			${fs(l,o)}${" "}
			<${d} kind="link" busy=${n||a} aria-label=${`Ask Fathom again for the ${Uo[o]}`} onClick=${r}>
				${a?"Asking Fathom\u2026":"Ask Fathom again"}
			</${d}>
			${i&&s`<span class="error" role="alert">${b(i)}</span>`}
		</p>`}function jo({label:t,tabs:e,current:o,onChoose:r,children:n}){let i=O(null);return s`
		<div class="tabs">
			<div role="tablist" aria-label=${t} ref=${i} onKeyDown=${l=>{let c=e.findIndex(({name:f})=>f===o),u={ArrowLeft:c-1+e.length,ArrowRight:c+1,Home:0,End:e.length-1}[l.key];if(u===void 0||l.ctrlKey||l.altKey||l.metaKey||l.shiftKey)return;l.preventDefault();let h=u%e.length;r(e[h].name),i.current?.querySelectorAll("[role=tab]")[h]?.focus()}}>
				${e.map(({name:l,label:c})=>s`
					<button key=${l} type="button" role="tab" id=${`tab-${l}`} aria-selected=${l===o?"true":"false"}
						aria-controls=${l===o?`panel-${l}`:void 0} tabindex=${l===o?0:-1} onClick=${()=>r(l)}>${c}</button>`)}
			</div>
			<div key=${o} class="tab-panel" role="tabpanel" id=${`panel-${o}`} aria-labelledby=${`tab-${o}`} tabindex="0">${n}</div>
		</div>`}async function We(t,e){try{await navigator.clipboard.writeText(t),Te(e)}catch{Te("Your browser doesn\u2019t allow copying here. Select the text and copy it.")}}var ec="Unknown speaker",tc=600,oc=1e4;function gs(t){let e=[],[o,r,n]=[0,0,0];for(let i of t){let a=(i.text??"").trim();if(o=et(i.timestamp)??o,!a)continue;let l=i.speaker?.display_name||ec,c={start:o,text:a},p=e.at(-1);p?.speaker===l&&n<tc?p.lines.push(c):(e.push({speaker:l,start:o,lines:[c],first:r}),n=0),n+=a.length,r++}return e}var ks=t=>t.flatMap(({lines:e})=>e),bs=(t,e)=>t.findLastIndex(({start:o})=>o<=e),Ho=({speaker:t,start:e,lines:o})=>`${t} (${te(e)})
${o.map(({text:r})=>r).join(" ")}`,ys=t=>t.map(Ho).join(`

`);function vs(t,e){let o=e.trim();if(!o)return[];let r=new RegExp(o.replace(/[\\^$.*+?()[\]{}|/]/g,"\\$&").replace(/\s+/g,"\\s+"),"giu"),n=[];for(let[i,{text:a}]of t.entries())for(let l of a.matchAll(r))if(n.push({line:i,range:[l.index,l.index+l[0].length]}),n.length===oc)return n;return n}var rc=.3,nc=4;function ws(t,e){let[o,r]=$(!0),n=de(()=>r(!0),[]),i=de(()=>r(!1),[]);y(()=>(e?.addEventListener("seeking",n),()=>e?.removeEventListener("seeking",n)),[e]);let a=de(l=>{t.current&&!sc(t.current)&&xs(t.current,l)},[]);return{isFollowing:o,follow:n,leave:i,reveal:a}}function sc(t){let e=getSelection();return!!(e&&!e.isCollapsed&&e.anchorNode&&t.contains(e.anchorNode))}function xs(t,e,o){let r=e.getBoundingClientRect().top-t.getBoundingClientRect().top-t.clientHeight*rc,n=o!==void 0||Math.abs(r)>t.clientHeight,i=matchMedia("(prefers-reduced-motion: reduce)").matches;t.scrollBy({top:r,behavior:n||i?"instant":"smooth"});let a=o??nc;n&&a>0&&requestAnimationFrame(()=>xs(t,e,a-1))}var Ss=100;function Ts({id:t,passages:e,matches:o,needed:r,onSeek:n}){let[i,a]=$(Ss),l=Math.max(i,e.findLastIndex(({first:u})=>u<=r)+1);y(()=>{if(l>=e.length)return;let u=setTimeout(()=>a(l+Ss));return()=>clearTimeout(u)},[l,e]);let c=u=>{let h=u.target.closest(".line")?.dataset.at;h!==void 0&&getSelection()?.isCollapsed&&n?.(Number(h))},p=Q(()=>{let u=ic(o);return e.map(h=>s`<${ac} key=${h.first} id=${t} passage=${h} ranges=${u} onSeek=${n} />`)},[t,e,o,n]);return s`<ol class=${n?"transcript seekable":"transcript"} onClick=${c}>${p.slice(0,l)}</ol>`}function ic(t){let e=new Map;for(let{line:o,range:r}of t)e.set(o,[...e.get(o)??[],r]);return e}function ac({id:t,passage:e,ranges:o,onSeek:r}){let{speaker:n,start:i,lines:a,first:l}=e,c=te(i);return s`
		<li>
			<div class="speaker">
				<strong dir="auto">${n}</strong> <${it} at=${i} onSeek=${r} />
				<span class="passage-tools">
					<button type="button" aria-label=${`Copy what ${n} says at ${c}`} title="Copy" onClick=${()=>We(Ho(e),"The passage is copied.")}><${yr} /></button>
					<button type="button" aria-label=${`Copy link to ${c}`} title="Copy link" onClick=${()=>We(Ke(t,i),`The link to ${c} is copied.`)}><${xr} /></button>
				</span>
			</div>
			<p dir="auto">${a.map((p,u)=>s`<span class="line" data-line=${l+u} data-at=${p.start}>${lc(p.text,o.get(l+u))}</span>${" "}`)}</p>
		</li>`}function lc(t,e){return e?qt(t,e).map(o=>o.isMatch?s`<mark>${o.text}</mark>`:o.text):t}function Cs({query:t,count:e,chosen:o,onSearch:r,onChoose:n}){let i=c=>e&&n((o+c+e)%e),a=c=>{if(c.key==="Escape"&&t)r("");else if(c.key==="Enter")i(c.shiftKey?-1:1);else return;c.preventDefault()},l=!!t.trim();return s`
		<div class="transcript-search" role="search">
			<input type="search" aria-label="Search in the transcript" placeholder="Search in the transcript" autocomplete="off" value=${t}
				onInput=${c=>r(c.currentTarget.value)} onKeyDown=${a} />
			<span class="muted" role="status">${l&&(e?`${o+1} of ${e}`:"Not found")}</span>
			${e>1&&s`
				<${d} kind="quiet" class="button quiet small" aria-label="Previous match" onClick=${()=>i(-1)}><${Sr} /></${d}>
				<${d} kind="quiet" class="button quiet small" aria-label="Next match" onClick=${()=>i(1)}><${vr} /></${d}>`}
		</div>`}function As({id:t,transcript:e,missing:o,media:r,at:n,onSeek:i}){let a=Q(()=>gs(e?.items??[]),[e]),l=Q(()=>ks(a),[a]),c=Kt(r,de(M=>M>0?bs(l,M):-1,[l]),n),[p,u]=$(""),h=Q(()=>vs(l,p),[l,p]),[f,g]=$(0),v=O(null),{isFollowing:S,follow:x,leave:w,reveal:L}=ws(v,r);y(()=>{let M=cc(v.current,c);M&&S&&L(M)},[c,a,S]),y(()=>{let M=dc(v.current,f);M&&(w(),L(M))},[h,f]);let A=()=>{x(),v.current?.focus({preventScroll:!0})};return a.length?s`
		<div class="transcript-tools">
			<${Cs} query=${p} count=${h.length} chosen=${f} onChoose=${g}
				onSearch=${M=>{u(M),g(0)}} />
			<${d} kind="quiet" class="button quiet small" onClick=${()=>We(ys(a),"The transcript is copied.")}>Copy transcript</${d}>
		</div>
		<div class="transcript-pane" ref=${v} tabindex="-1" onWheel=${w} onTouchMove=${w} onPointerDown=${uc(w)} onKeyDown=${mc(w)}>
			<${Ts} id=${t} passages=${a} matches=${h} needed=${Math.max(c,h[f]?.line??-1)} onSeek=${i} />
		</div>
		${r&&!S&&s`<${d} class="button primary small follow" onClick=${A}>Follow again</${d}>`}`:o}function cc(t,e){for(let r of t?.querySelectorAll(".line[aria-current], .marked")??[])r.removeAttribute("aria-current"),r.classList.remove("marked");let o=t?.querySelector(`[data-line="${e}"]`)??null;return o?.setAttribute("aria-current","true"),o?.closest("li")?.classList.add("marked"),o}function dc(t,e){t?.querySelector("mark.chosen")?.classList.remove("chosen");let o=t?.querySelectorAll("mark")[e];return o?.classList.add("chosen"),o}var uc=t=>e=>e.target===e.currentTarget&&t(),pc=["ArrowUp","ArrowDown","PageUp","PageDown","Home","End"," "],mc=t=>e=>pc.includes(e.key)&&t();var hc=[{name:"transcript",label:"Transcript"},{name:"summary",label:"Summary"},{name:"actions",label:"Actions"}];function _s({workspace:t,details:e,meeting:o,media:r,at:n,tab:i,onSeek:a}){let l=e.transcript.value,[c]=$(()=>l?.items?.length?"transcript":"summary"),p=i??c,u=h=>s`<${$s} workspace=${t} meeting=${o} part=${h} />`;return s`
		<${jo} label="About this meeting" tabs=${hc} current=${p} onChoose=${fc}>
			${p==="transcript"&&s`
				<h2 class="hidden">Transcript</h2>
				<${As} id=${o.id} transcript=${l} missing=${u("transcript")} media=${r} at=${n} onSeek=${a} />`}
			${p==="summary"&&s`
				<section class="tab-text">
					<h2 class="hidden">Summary</h2>
					${o.summary?s`<${hs} text=${o.summary} onSeek=${a} />`:u("summary")}
				</section>`}
			${p==="actions"&&s`
				<div class="tab-text">
					<${zn} items=${o.action_items} missing=${u("action_items")} onSeek=${a} />
					<${Un} items=${o.highlights} missing=${u("highlights")} onSeek=${a} />
				</div>`}
		</${jo}>`}function fc(t){let e=new URL(location.href);e.searchParams.set("tab",t),ue(e.href,{replace:!0})}async function Ls(t,{id:e,recorded_at:o}){let r=async(a,l)=>(await t.collection("meetings").getList(1,1,{fields:"id,title",filter:t.filter(a,{at:o,id:e}),sort:l,skipTotal:!0})).items[0]??null,[n,i]=await Promise.all([r("recorded_at > {:at} || (recorded_at = {:at} && id < {:id})","recorded_at,-id"),r("recorded_at < {:at} || (recorded_at = {:at} && id > {:id})","-recorded_at,id")]);return{previous:n,next:i}}function Rs({neighbours:{previous:t,next:e},tab:o}){return s`
		<nav class="neighbours" aria-label="Other meetings">
			${t&&s`<a rel="prev" href=${V(t.id,o)} title=${oo(t)} aria-label=${`Previous: ${oo(t)}`}><${Qe} />Previous</a>`}
			${e&&s`<a rel="next" href=${V(e.id,o)} title=${oo(e)} aria-label=${`Next: ${oo(e)}`}>Next<${wr} /></a>`}
		</nav>`}var oo=({title:t})=>t||"Untitled meeting";function Ps(t,e){let[o,r]=$({previous:null,next:null});return y(()=>{let n=!1;return Ls(t,e).then(i=>n||r(i)).catch(()=>{}),()=>{n=!0}},[t,e.id,e.recorded_at]),o}var Ee=[.75,1,1.25,1.5,1.75,2],Ds="playback",Es={rate:1,captions:!1,keys:!0};function $c(t){let e;try{e=JSON.parse(t??"{}")}catch{return Es}return{rate:Ee.includes(e?.rate)?e.rate:Es.rate,captions:e?.captions===!0,keys:e?.keys!==!1}}var ee=I($c(globalThis.localStorage?.getItem(Ds)??null));function he(t){ee.value={...ee.value,...t},localStorage.setItem(Ds,JSON.stringify(ee.value))}var gc={j:"back",k:"toggle",l:"forward",",":"slower",".":"faster",c:"captions",p:"previous",n:"next"},kc='input, textarea, select, [contenteditable]:not([contenteditable="false"])';function Fs(t){if(!(t.ctrlKey||t.altKey||t.metaKey||t.defaultPrevented||t.isComposing)&&!t.target?.closest?.(kc))return gc[t.key.toLowerCase()]}var De=10;function Tt(t){t.play().catch(()=>{})}function Bs(t){t.paused?Tt(t):t.pause()}function ct(t,e){let o=t.duration>0?t.duration:1/0;t.currentTime=Math.min(Math.max(0,t.currentTime+e*De),o)}function Wo(t){let e=Ee[Ee.indexOf(ee.value.rate)+t];e&&he({rate:e})}var Ct=t=>[...t?.textTracks??[]].find(({kind:e})=>e==="captions");function Is(t,e){let{rate:o,captions:r}=ee.value;y(()=>{t&&(t.defaultPlaybackRate=o,t.playbackRate=o)},[t,o]),y(()=>{let n=Ct(t);n&&n.mode==="showing"!==r&&(n.mode=r?"showing":"disabled")},[t,e,r]),y(()=>{if(!t)return;let n=()=>Ee.includes(t.playbackRate)&&t.playbackRate!==ee.value.rate&&he({rate:t.playbackRate}),i=()=>{let a=Ct(t),l=a?.mode==="showing";a&&l!==ee.value.captions&&he({captions:l})};return t.addEventListener("ratechange",n),t.textTracks.addEventListener("change",i),()=>{t.removeEventListener("ratechange",n),t.textTracks.removeEventListener("change",i)}},[t])}function Os(t,e){let[o,r]=$("");return y(()=>{if(!e)return;let[n,i]=["",!1];return t.readCaptions().then(a=>{i||(n=URL.createObjectURL(new Blob([a],{type:"text/vtt"})),r(n))}).catch(()=>{}),()=>{i=!0,n&&URL.revokeObjectURL(n),r("")}},[t,e]),o}var Ms=1e3,qs=3;function Ns({chapters:t,media:e,length:o,onSeek:r}){let{time:n,duration:i}=bc(e),a=i||o;if(!t.length||!(a>0))return null;let l=p=>Math.min(Math.max(0,p/a),1)*Ms;return s`
		<svg class="chapter-bar" viewBox="0 0 ${Ms} 10" preserveAspectRatio="none" aria-hidden="true" onClick=${p=>{let{left:u,width:h}=p.currentTarget.getBoundingClientRect();r((p.clientX-u)/h*a)}}>
			${Zt(t,a).map(({start:p,end:u,title:h})=>s`
				<g key=${p}>
					<title>${`${te(p)} ${h}`}</title>
					<rect class="part" x=${l(p)} width=${Math.max(1,l(u)-l(p)-qs)} height="10" />
					${n>p&&s`<rect class="played" x=${l(p)} width=${Math.max(0,l(Math.min(n,u))-l(p)-(n>=u?qs:0))} height="10" />`}
				</g>`)}
		</svg>`}function bc(t){let[e,o]=$({time:0,duration:0});return y(()=>{if(!t)return;let r=()=>o({time:t.currentTime,duration:Number.isFinite(t.duration)?t.duration:0});r();let n=["timeupdate","seeking","durationchange"];for(let i of n)t.addEventListener(i,r);return()=>n.forEach(i=>t.removeEventListener(i,r))},[t]),e}function ae({label:t,checked:e,disabled:o,onChange:r}){return s`
		<label class="check-box">
			<input type="checkbox" checked=${e} disabled=${o} onChange=${n=>r(n.currentTarget.checked)} /> ${t}
		</label>`}function zs({media:t,id:e,hasCaptions:o}){let{rate:r,captions:n}=ee.value,i=()=>{let a=Math.floor(t?.currentTime??0);return We(Ke(e,a),`The link to ${te(a)} is copied.`)};return s`
		<div class="player-controls" role="group" aria-label="Player">
			<${d} kind="quiet" class="button quiet small" aria-label=${`\u2212${De} s: back`} onClick=${()=>t&&ct(t,-1)}>−${De} s</${d}>
			<${d} kind="quiet" class="button quiet small" aria-label=${`+${De} s: forward`} onClick=${()=>t&&ct(t,1)}>+${De} s</${d}>
			<select aria-label="Speed" value=${String(r)} onChange=${a=>he({rate:Number(a.currentTarget.value)})}>
				${Ee.map(a=>s`<option key=${a} value=${String(a)}>${a}×</option>`)}
			</select>
			${o&&s`
				<${d} kind="quiet" class="button quiet small" aria-pressed=${n?"true":"false"} onClick=${()=>he({captions:!n})}>Captions</${d}>`}
			<${d} kind="quiet" class="button quiet small" aria-label="Copy link to this moment" onClick=${i}>Copy link</${d}>
			<${yc} hasCaptions=${o} />
		</div>`}function yc({hasCaptions:t}){let e=[["J",`back ${De} seconds`],["K","play or pause"],["L",`forward ${De} seconds`],[", and .","slower and faster"],...t?[["C","captions"]]:[],["P and N","previous and next meeting"]];return s`
		<details class="keys">
			<summary>Keys</summary>
			<dl>${e.map(([o,r])=>s`<div key=${o}><dt>${o}</dt><dd>${r}</dd></div>`)}</dl>
			<${ae} label="Use these keys" checked=${ee.value.keys} onChange=${o=>he({keys:o})} />
		</details>`}var vc=[[1280,.8],[1280,.6],[960,.6],[640,.6]],Yo={width:32,height:18},wc=6;function xc(t,e,o){let r=Math.min(1,o/Math.max(t,e));return{width:Math.max(1,Math.round(t*r)),height:Math.max(1,Math.round(e*r))}}function Sc(t){let e=[];for(let n=0;n+2<t.length;n+=4)e.push(.299*t[n]+.587*t[n+1]+.114*t[n+2]);let o=e.reduce((n,i)=>n+i,0)/e.length,r=e.reduce((n,i)=>n+(i-o)**2,0)/e.length;return!(Math.sqrt(r)>=wc)}function Us(t,{width:e,height:o}){let r=document.createElement("canvas");Object.assign(r,{width:e,height:o});let n=r.getContext("2d",{alpha:!1});if(!n)throw new Error("This browser has no canvas.");return n.drawImage(t,0,0,e,o),{canvas:r,context:n}}async function Vo(t){if(!t.videoWidth)return null;let{context:e}=Us(t,Yo);if(Sc(e.getImageData(0,0,Yo.width,Yo.height).data))return null;for(let[o,r]of vc){let{canvas:n}=Us(t,xc(t.videoWidth,t.videoHeight,o)),i=await new Promise(a=>n.toBlob(a,"image/jpeg",r));if(i&&i.size<=204800)return i}return null}async function js(t,e){let o=document.createElement("video"),r=n=>new Promise((i,a)=>{o.addEventListener(n,i,{once:!0}),o.addEventListener("error",()=>a(o.error),{once:!0})});try{return Object.assign(o,{crossOrigin:"anonymous",muted:!0,preload:"metadata",src:t}),await r("loadedmetadata"),o.currentTime=e,await r("seeked"),await Vo(o)}finally{o.removeAttribute("src"),o.load()}}var Tc=2,Cc=3e3,Ac=20;function Hs(t,e,o,r){y(()=>{if(!e||!(t instanceof HTMLVideoElement))return;let[n,i,a]=[Ac,0,!1],l=()=>t.removeEventListener("timeupdate",c),c=async()=>{if(!(a||t.paused||t.seeking||Date.now()<i||_c(t)<Tc)){a=!0,i=Date.now()+Cc;try{let p=await Vo(t).catch(async u=>{if(u.name!=="SecurityError")throw u;return js(await o(),t.currentTime)});p&&await r(p),(p||--n===0)&&l()}catch{l()}a=!1}};return t.addEventListener("timeupdate",c),l},[t,e])}function _c({played:t}){let e=0;for(let o=0;o<t.length;o++)e+=t.end(o)-t.start(o);return e}var Lc=6e4;function Ws({details:t,recording:e,media:o,onMedia:r,startAt:n,poster:i,captions:a,language:l}){let[c,p]=$({url:"",created:0}),[u,h]=$(!1),f=O(null),g=()=>{t.fileURL(e,!1).then(L=>p({url:L,created:Date.now()}),()=>h(!0))};y(g,[e.file]),Hs(o,!t.meeting.value?.poster,()=>t.fileURL(e,!1,!0),L=>t.savePoster(L)),y(()=>{n===void 0||!o||(o.readyState>0?o.currentTime=n:f.current={at:n,playing:!1})},[n,o]);let v=()=>{c.url&&(o?.currentTime&&(f.current={at:o.currentTime,playing:!o.paused}),Date.now()-c.created<Lc?h(!0):g())},S=()=>{if(!o||!f.current)return;let{at:L,playing:A}=f.current;f.current=null,o.currentTime=L,A&&Tt(o)},x=()=>{p({url:"",created:0}),h(!1),g()},w=Ae(e)?"audio":"video";return u?s`
			<${m} kind="note">
				This browser cannot play the ${w}. Download it instead, or <${d} kind="link" onClick=${x}>try again</${d}>.
			</${m}>`:s`
		<${w} ref=${r} controls playsinline preload="metadata" src=${c.url||void 0} poster=${i||void 0}
			aria-label=${`Meeting ${w}`} onError=${v} onLoadedMetadata=${S}>
			${a&&s`<track key=${a} kind="captions" src=${a} srclang=${l||"und"} label="Captions" />`}
		</${w}>`}function Ys({workspace:t,details:e,meeting:o,recording:r,media:n,onMedia:i,at:a,onSeek:l}){let c=!!e.transcript.value?.items?.length&&!Ae(r),p=Os(e,c);return Is(n,p),s`
		<div class="player">
			<${Ws} key=${r.id} details=${e} recording=${r} media=${n} onMedia=${i} startAt=${a}
				poster=${t.posters.url(o)} captions=${p} language=${o.language} />
			<${Ns} chapters=${e.chapters.value} media=${n} length=${o.duration} onSeek=${l} />
		</div>
		<${zs} media=${n} id=${o.id} hasCaptions=${c} />`}var Rc=1440*60*1e3;function Zo({recordingID:t,link:e,onSaved:o,onCancel:r}){let[n,i]=$(!1),a=e?.id??"new",{run:l,busy:c,error:p}=k(async g=>{let v=Number(g.get(`link-days-${a}`)),S=String(g.get(`link-password-${a}`)??""),x=g.getAll(`link-shown-${a}`),w={title:x.includes("title"),summary:x.includes("summary"),transcript:x.includes("transcript"),...v>0&&{expires:new Date(Date.now()+v*Rc).toISOString()},...(S||n)&&{password:n?"":S}};o(e?await B.send(`/api/shares/${e.id}`,{method:"PATCH",body:w}):await B.send("/api/shares",{method:"POST",body:{recording_id:t,...w}}))}),u=g=>{g.preventDefault(),l(new FormData(g.currentTarget))},h=F(p,"password"),f=(g,v)=>s`
		<label class="check-box" key=${g}><input type="checkbox" name=${`link-shown-${a}`} value=${g} defaultChecked=${e?e[g]:!0} /> ${v}</label>`;return s`
		<form class="rule-form" aria-label=${e?"Change link":"New link"} onSubmit=${u}>
			<fieldset>
				<legend>Shown beside the video</legend>
				${f("title","Title and date")}
				${f("summary","Summary and chapters")}
				${f("transcript","Transcript and captions")}
			</fieldset>
			<div class="field">
				<label for=${`link-days-${a}`}>Expires after</label>
				<select id=${`link-days-${a}`} name=${`link-days-${a}`}>
					${e&&s`<option value="0" selected>As before</option>`}
					<option value="1">A day</option>
					<option value="7">A week</option>
					<option value="30" selected=${!e}>30 days</option>
					<option value="365">A year</option>
				</select>
			</div>
			${e?.password&&s`<${ae} label="Remove the password" checked=${n} onChange=${i} />`}
			${!n&&s`
				<${T} id=${`link-password-${a}`} label=${e?.password?"New password":"Password"} type="text" minlength="8" maxlength="72" autocomplete="off"
					spellcheck=${!1} error=${h} hint=${e?.password?"Leave it blank to keep the present one.":"Optional, at least 8 characters."} />`}
			${p&&!h&&s`<${m}>${b(p)}</${m}>`}
			<div class="actions">
				<${d} type="submit" busy=${c}>${e?"Save":"Create"}</${d}>
				<${d} kind="quiet" disabled=${c} onClick=${r}>Cancel</${d}>
			</div>
		</form>`}function Vs({recordingID:t,isStored:e}){let[o,r]=$(null),[n,i]=$(!1),{run:a,error:l}=k(async()=>r((await B.send("/api/shares",{query:{recording_id:t}})).shares));y(()=>{a()},[t,e]);let c=u=>{i(!1),r(h=>{let f=h??[];return f.some(({id:g})=>g===u.id)?f.map(g=>g.id===u.id?u:g):[u,...f]})},p=async u=>{await B.send(`/api/shares/${u}`,{method:"DELETE"}),r(h=>(h??[]).filter(f=>f.id!==u))};return!e&&!o?.length?null:s`
		<section class="card shared-links" aria-labelledby="shared-links-heading">
			<h2 id="shared-links-heading">Share</h2>
			${e&&s`<p class="muted">Anybody with a link can watch the recording, without an account.</p>`}
			${l&&s`<${m}>${b(l)} <${d} kind="link" onClick=${a}>Try again</${d}></${m}>`}
			${o&&o.length>0&&s`
				<ul class="rules">
					${o.map((u,h)=>s`<li key=${u.id}><${Ec} link=${u} name=${`link ${o.length-h}`} onChange=${c} onRevoke=${()=>p(u.id)} /></li>`)}
				</ul>`}
			${n?s`<${Zo} recordingID=${t} onSaved=${c} onCancel=${()=>i(!1)} />`:e&&s`<${d} kind="quiet" disabled=${!o} onClick=${()=>i(!0)}>Create link</${d}>`}
		</section>`}function Pc(t){let e=[t.title&&"title",t.summary&&"summary",t.transcript&&"transcript"].filter(Boolean);return e.length?`Video with ${e.join(", ")}`:"Video only"}function Ec({link:t,name:e,onChange:o,onRevoke:r}){let[n,i]=$(!1),a=Date.parse(t.expires)<=Date.now(),l=a||!!t.ended;return n?s`
			<${Zo} link=${t} recordingID=${t.recording_id} onCancel=${()=>i(!1)}
				onSaved=${c=>{o(c),i(!1)}} />`:s`
		<div class="shared-link">
			${!l&&t.url&&s`<${Dc} url=${t.url} id=${t.id} name=${e} />`}
			<p class="muted">
				${t.ended&&s`<${oe} tone="plain">Recording deleted</${oe}> `}${t.password&&s`<${oe} tone="plain">Password</${oe}> `}
				${Pc(t)} · ${a?"expired":"expires"} ${pe(t.expires)} · ${_(t.views,"view")}
			</p>
			<div class="actions">
				${!l&&s`<${d} kind="quiet" aria-label=${`Change: ${e}`} onClick=${()=>i(!0)}>Change</${d}>`}
				<${P} label=${l?"Remove":"Revoke"} subject=${e} action=${r}
					question=${l?"Remove this link from the list?":"Nobody can open this link any more. A video that is playing stops at its next part."} />
			</div>
		</div>`}function Dc({url:t,id:e,name:o}){let[r,n]=$(!1),{run:i,error:a}=k(async()=>{await navigator.clipboard.writeText(t),n(!0)});return s`
		<${T} id=${`link-${e}`} label=${`Address of ${o}`} readonly value=${t} spellcheck=${!1} autocomplete="off"
			onFocus=${l=>l.currentTarget.select()} />
		<div class="actions">
			<${d} kind="quiet" aria-label=${`Copy ${o}`} onClick=${i}>${r?"Copied":"Copy link"}</${d}>
			<a class="button quiet" href=${t} target="_blank" rel="noopener" aria-label=${`Open ${o}`}>Open</a>
		</div>
		${a&&s`<${m}>Your browser doesn’t allow copying here. Select the address and copy it.</${m}>`}`}function dt({workspace:{jobs:t},recordingID:e}){return s`<${Ks} label="Upload it myself" action=${()=>t.transfer(e,{byHand:!0})} />`}function Zs({workspace:t,transfer:e}){let{jobs:o}=t,[r,n]=$({});if(o.transferring.value.has(e.recording_id))return s`<p class="muted">The upload starts soon.</p>`;let i={...tt(o.records.value.get(e.job)),deliver:!0,byHand:!1,...r},a=qe(t.delivery,i);return s`
		<${Ks} label=${e.note?"Try the upload again":"Upload it for me"} action=${()=>o.transfer(e.recording_id,i)} />
		${a.by==="server"&&s`<p class="muted">${nt(a.visibility)}</p>`}
		<${be} workspace=${t} id="upload" choice=${i} onChange=${n} />`}function Ks({label:t,action:e}){let{run:o,busy:r,error:n}=k(e);return s`
		<${d} kind="quiet" busy=${r} onClick=${o}>${t}</${d}>
		${n&&s`<${m}>${b(n)}</${m}>`}`}function At({workspace:{jobs:t},transfer:e,label:o="Copy again",isStored:r=!1}){let n=t.records.value.get(e.job),{run:i,busy:a,error:l}=k(()=>t.transfer(e.recording_id,{...tt(n),again:r,deliver:e.status!=="stored"})),c=l?b(l):n?.status==="dead"?n.error:"";return t.transferring.value.has(e.recording_id)?s`<p class="muted">The video is copied from Fathom again soon.</p>`:s`
		<${d} kind="quiet" busy=${a} onClick=${i}>${o}</${d}>
		${c&&s`<${m}>${c}<${Le} reason=${c} /></${m}>`}`}function ro({details:t,label:e="Download",kind:o="primary",onDone:r}){let{run:n,busy:i,error:a}=k(async()=>{await t.loadTransferred();let l=t.recording.value;if(!l)throw new Error("The recording is no longer stored here. Copy the meeting again");st(await t.fileURL(l,!0),l.file_name),r?.()});return s`
		<${d} kind=${o} busy=${i} onClick=${n}><${we} />${e}</${d}>
		${a&&s`<${m}>${b(a)}</${m}>`}`}var Fc=["validation_link_length","validation_link_title","validation_link_private","validation_link_unreachable"];function Gs(t){let e=t?.response?.data?.share_url;if(!Fc.includes(e?.code))return null;let{code:o,message:r,expected:n,found:i}=e;return i?{message:o==="validation_link_length"?"The video at Loom has another length than this recording.":"The video at Loom has another title than this recording.",sides:[{name:"At Loom",text:Qs(i)},{name:"This recording",text:Qs(n)}]}:{message:r,sides:[]}}var Qs=({title:t,duration:e})=>[t||"Untitled",e>0&&Xe(e)].filter(Boolean).join(" \xB7 ");function Js({verified:t,unchecked:e,error:o}){return t?"":e==="private"?"Not checked: Loom shows this video only to some people.":e==="unreachable"?"Not checked: Loom could not be reached. The link is checked again on your later visits, up to 12 times.":o||"Saved by you although the title or the length differs."}function no({workspace:t,transfer:e}){let[o,r]=$(""),n=t.meetings.states.value.your_turn-1,{run:i,busy:a,error:l,clear:c}=k(async(h,f)=>{r(h);let g=await t.db.collection("transfers").update(e.id,{share_url:h,confirmed:f});for(let v of[t.transfers,t.waiting])v.put(g)},()=>`Link saved. The video is on Loom.${n>0?` ${_(n,"more","more")} to upload.`:""}`),p=h=>{h.preventDefault(),i(String(new FormData(h.currentTarget).get("share-link")).trim(),!1)},u=Gs(l);return s`
		<form onSubmit=${p}>
			<${T} id="share-link" label="Loom share link" required autocomplete="off" spellcheck=${!1} onInput=${l?c:void 0}
				placeholder="https://www.loom.com/share/…" error=${l&&!u?F(l,"share_url")||b(l):""} />
			${u&&s`
				<${m}>
					<p>${u.message}</p>
					${u.sides.length>0&&s`
						<dl class="sides">${u.sides.map(({name:h,text:f})=>s`<dt>${h}</dt><dd>${f}</dd>`)}</dl>`}
					<${d} kind="quiet" busy=${a} onClick=${()=>i(o,!0)}>Save anyway</${d}>
				</${m}>`}
			<${d} type="submit" busy=${a}>${a?"Checking link\u2026":"Save link"}</${d}>
		</form>`}function Fe({details:t,isDelivered:e=!1,canDownload:o=!0}){let r=t.recording.value;if(!r)return null;let n=Ae(r)?"audio":"video",i=e?"The video on Loom, the summary and the transcript are kept.":`${n==="video"?"It is not on Loom yet. ":""}The summary and the transcript are kept, and you can copy the meeting again.`;return s`
		<div class="stored-video">
			<p class="muted">The ${n} stored here takes up ${j(r.size)}.${r.retained_until&&` It is deleted after ${xe(r.retained_until)}.`}</p>
			<div class="actions">
				${o&&s`<${ro} details=${t} kind="quiet" label=${`Download ${n}`} />`}
				<${P} label=${`Delete stored ${n}`} action=${()=>t.deleteRecording()} done=${`The stored ${n} is deleted.`}
					question=${`Delete the ${n} stored here and free ${j(r.size)}? ${i}`} />
			</div>
		</div>`}function Xs({workspace:t,details:e,transfer:o}){let[r,n]=$(!1),{loomUploadURL:i}=W.value,a=e.loadedFor.value!==o.status||e.recording.value;return s`
		${o.note&&s`<${m} kind="note">${o.note}</${m}>`}
		${t.delivery.by==="server"&&s`<${Zs} workspace=${t} transfer=${o} />`}
		<ol class="loom-steps">
			<li>
				<h3>Download the video${r&&s`<span class="ticked"><${Ge} /><span class="hidden"> (done)</span></span>`}</h3>
				${a?s`
						<p>${o.file_name}<span class="muted"> · ${j(o.bytes_total)}</span></p>
						<${ro} details=${e} kind=${r?"quiet":"primary"}
							label=${r?"Download again":"Download"} onDone=${()=>n(!0)} />`:s`
						<p>The video stored here was deleted. If you haven’t downloaded it, copy it from Fathom again.</p>
						<${At} workspace=${t} transfer=${o} />`}
			</li>
			<li>
				<h3>Upload it to Loom</h3>
				<p>In your Loom library, select <strong>New video</strong>, then <strong>Upload a video</strong>, and choose the file. Keep its name.</p>
				<p><${R} href=${i}>Open ${new URL(i).host}</${R}></p>
			</li>
			<li>
				<h3>Paste the share link</h3>
				${Ft(t.loomReader)&&s`<p class="muted">Or wait: Loom is asked for your new videos. This one is found if its title and length leave no doubt.</p>`}
				<${no} workspace=${t} transfer=${o} />
			</li>
		</ol>
		<${Fe} details=${e} canDownload=${!1} />
		${e.recording.value&&s`<${At} workspace=${t} transfer=${o} isStored=${!0} label="Copy again" />`}`}function so({url:t}){let e=X(t);return e&&s`<p><${R} class="share" href=${e}>${e.replace(/^https?:\/\//,"")}</${R}></p>`}function ei({workspace:t,details:e,meeting:o,reason:r,job:n}){let[i,a]=$({}),l={...tt(n),...i},{run:c,busy:p,error:u}=k(()=>t.jobs.transfer(o.recording_id,l),"The copy starts again.");return s`
		<${m}>${r}<${Le} reason=${r} /></${m}>
		<div class="actions">
			<${d} kind=${ft(n)?"quiet":"primary"} busy=${p} onClick=${c}>Retry</${d}>
			${l.deliver&&t.delivery.by!=="user"&&s`<${dt} workspace=${t} recordingID=${o.recording_id} />`}
		</div>
		${l.deliver&&!l.byHand&&s`<${be} workspace=${t} id="transfer" choice=${l} onChange=${a} />`}
		${u&&s`<${m}>${b(u)}<${Le} reason=${b(u)} /></${m}>`}
		<${Fe} details=${e} />`}function ti({workspace:t,details:e,transfer:o}){let[r,n]=$({}),{run:i,busy:a,error:l}=k(()=>t.jobs.transfer(o.recording_id,r));return s`
		<p>${Ie(o,void 0).detail}</p>
		${!Ae(o)&&s`
			<${d} busy=${a} onClick=${i}>Upload to Loom</${d}>
			<${be} workspace=${t} id="transfer" choice=${r} onChange=${n} />`}
		${l&&s`<${m}>${b(l)}<${Le} reason=${b(l)} /></${m}>`}
		<${Fe} details=${e} />
		<${ri} workspace=${t} details=${e} transfer=${o} />`}function oi({workspace:t,details:e,transfer:o}){let r=Js(o);return s`
		<${so} url=${o.share_url} />
		<p class="muted">Delivered ${J(o.delivered_at,z(o.delivered_at))}.${Mt(o)&&` ${nt(o.visibility)}`}${r&&s`<br />${r}`}</p>
		${o.note&&s`<${m} kind="note">${o.note}</${m}>`}
		<${Fe} details=${e} isDelivered=${!0} />
		<${ri} workspace=${t} details=${e} transfer=${o} />
		<details>
			<summary>Change link</summary>
			<${no} workspace=${t} transfer=${o} />
		</details>`}function ri({workspace:t,details:e,transfer:o}){if(e.loadedFor.value!==o.status)return null;let r=!!e.recording.value;return s`
		${!r&&s`<p class="muted">The file stored here was deleted.</p>`}
		<${At} workspace=${t} transfer=${o} isStored=${r} label=${r?"Copy again":"Fetch the file again"} />`}function ni({workspace:t,details:e,meeting:o,transfer:r}){let[n,i]=$({}),{run:a,busy:l,error:c}=k(h=>t.jobs.transfer(o.recording_id,h?n:{deliver:h}),"The copy starts.",()=>()=>t.jobs.cancelTransfer(o.recording_id)),{delivery:p}=t,u=r?.status==="cancelled";return s`
		<p>${u&&"The last copy was cancelled. "}The video, summary and transcript are copied to your storage here. ${hn(qe(p,n))}</p>
		${c&&s`<${m}>${b(c)}<${Le} reason=${b(c)} /></${m}>`}
		<div class="actions">
			<${d} busy=${l} onClick=${()=>a(!0)}>${mn(qe(p,n))}</${d}>
			<${d} kind="quiet" busy=${l} onClick=${()=>a(!1)}>Only keep a copy here</${d}>
			${p.by!=="user"&&s`<${dt} workspace=${t} recordingID=${o.recording_id} />`}
		</div>
		<${be} workspace=${t} id="transfer" choice=${n} onChange=${i} />
		<${Fe} details=${e} />`}function si({workspace:t,details:e,meeting:o}){let r=t.transferOf(o.recording_id),n=r?.job??"",i=t.jobs.records.value.get(n),a=zr(r)&&!!n&&!i&&!t.jobs.isDeleted(n);y(()=>{a&&t.jobs.refresh(n).catch(()=>{})},[n,a]);let l=t.stateOf(o.recording_id,z(...It(i,t.jobs)));return s`
		<section class=${`card transfer ${l.phase}`} aria-labelledby="transfer-heading">
			<h2 id="transfer-heading" class=${`state ${l.tone}`} aria-live="polite"><${Tr[l.icon]} />${l.word}</h2>
			${!["none","failed","stored"].includes(l.phase)&&s`<${jt} titles=${Ot(r,i)} step=${l.step} />`}
			${l.phase==="none"&&s`<${ni} workspace=${t} details=${e} meeting=${o} transfer=${r} />`}
			${(l.phase==="waiting"||l.phase==="running")&&s`
				<${so} url=${r?.share_url} />
				<${Bc} workspace=${t} title=${o.title} transferID=${r?.id??""} state=${l} job=${i} />
				${r&&l.step===2&&l.phase==="waiting"&&Mt(r)&&s`<${dt} workspace=${t} recordingID=${o.recording_id} />`}`}
			${l.phase==="failed"&&s`<${ei} workspace=${t} details=${e} meeting=${o} reason=${l.detail} job=${i} />`}
			${l.phase==="upload"&&r&&s`<${Xs} workspace=${t} details=${e} transfer=${r} />`}
			${l.phase==="stored"&&r&&s`<${ti} workspace=${t} details=${e} transfer=${r} />`}
			${l.phase==="done"&&r&&s`<${oi} workspace=${t} details=${e} transfer=${r} />`}
		</section>`}function Bc({workspace:t,title:e,transferID:o,state:r,job:n}){return s`
		<${zt} workspace=${t} transferID=${o} state=${r} name="Progress" hasPercent=${!0} />
		<p class="hidden" aria-live="polite">${Ic(r)}</p>
		${n&&ve(n)&&s`<${Ut} jobs=${t.jobs} job=${n} title=${e} />`}`}var Ic=({word:t,fraction:e,step:o})=>e===null?t:`${Math.floor(e*4)*25}% ${o===2?"uploaded":"copied"}`;async function io(t,e,{download:o=!1,proxy:r=!1}={}){let n=await t.files.getToken();return t.files.getURL(e,e.file,{token:n,...o&&{download:!0},...r&&{proxy:1}})}var Oc="id,recording_id,title,meeting_type,recorded_at,duration,language,recorded_by,invitees,fathom_url,summary,action_items,highlights,parts,loom_url,poster,withdrawn_at,created,updated",ao=class{meeting=I(null);transcript=I(null);recording=I(null);chapters=I([]);loadedFor=I("");ready=I(!1);error=I("");isGone=I(!1);#e;#r;#t;#o=!1;#s=()=>{};#n=()=>{};#i=0;#a="";constructor(e,o,r){this.#e=e,this.#r=o,this.#t=r}start(){this.#s=To(this.#r,"meetings/*",({action:e,record:o})=>{o.id===this.#t&&(e==="delete"?this.#c():this.load())},()=>this.load(),{fields:Hr}),this.#n=To(this.#r,"recordings/*",({record:e})=>{e.recording_id===this.meeting.value?.recording_id&&this.loadTransferred().catch(()=>{})},async()=>{},{fields:"id,recording_id"})}stop(){this.#o=!0,this.#s(),this.#n()}async delete(){await this.#e.collection("meetings").delete(this.#t)}async load(){if(!this.#o){this.error.value="",this.isGone.value=!1;try{this.#u(await this.#e.collection("meetings").getOne(this.#t,{fields:Oc})),await this.loadTransferred()}catch(e){if(this.#o)return;ie(e)!==404?this.error.value=E(e):this.meeting.value?this.#c():this.#d("Meeting not found.")}}}async loadTransferred(e=this.#a){this.#a=e;let o=++this.#i,r=this.meeting.value;if(!r)return;let n=async a=>{let l=this.#e.filter("recording_id = {:id}",{id:r.recording_id});return(await this.#e.collection(a).getList(1,1,{filter:l,skipTotal:!0})).items[0]??null},i=()=>!this.#o&&o===this.#i;try{let[a,l]=await Promise.all([this.transcript.value?.items?.length?this.transcript.value:n("transcripts"),n("recordings")]),c=l?.file?l:null,p=c&&i()?await this.#l():[];if(!i())return;hr(()=>{this.transcript.value=a,this.recording.value=c,this.chapters.value=p,this.loadedFor.value=e})}finally{i()&&(this.ready.value=!0)}}async#l(){return(await this.#e.send(`/api/meetings/${this.#t}/chapters`,{method:"GET"})).chapters}async readCaptions(){let{text:e}=await this.#e.send(`/api/meetings/${this.#t}/captions.vtt`,{method:"GET",fetch:Mc});return e}async fileURL(e,o,r=!1){return io(this.#e,e,{download:o,proxy:r})}async savePoster(e){await this.#e.send(`/api/meetings/${this.#t}/poster`,{method:"PUT",body:e,headers:{"Content-Type":"image/jpeg"}})}async deleteRecording(){let e=this.recording.value;e&&(await this.#e.collection("recordings").delete(e.id),this.recording.value=null)}#c(){this.#o=!0,this.meeting.value=null,this.#d("This meeting was deleted.")}#d(e){this.isGone.value=!0,this.error.value=e}#u(e){let o=this.meeting.value;!this.#o&&!(o&&Ur(e,o))&&(this.meeting.value=e)}};async function Mc(t,e){let o=await fetch(t,e);return o.ok?Response.json({text:await o.text()}):o}function ii(t){let[e,o]=$(()=>matchMedia(t).matches);return y(()=>{let r=matchMedia(t),n=()=>o(r.matches);return n(),r.addEventListener("change",n),()=>r.removeEventListener("change",n)},[t]),e}function ai(t,e){y(()=>{let o=r=>{let n=ee.value.keys?Fs(r):void 0;n&&(n==="previous"||n==="next"?e(n):t&&qc(t,n))};return document.addEventListener("keydown",o),()=>document.removeEventListener("keydown",o)},[t,e])}function qc(t,e){switch(e){case"back":return ct(t,-1);case"forward":return ct(t,1);case"toggle":return Bs(t);case"slower":return Wo(-1);case"faster":return Wo(1);default:return Ct(t)&&he({captions:!ee.value.captions})}}function Nc({workspace:t,id:e,at:o,tab:r}){let n=Q(()=>new ao(t.db,t.streams.database,e),[t,e]),[i,a]=$("");y(()=>(scrollTo(0,0),n.start(),()=>n.stop()),[n]);let{transfers:l,jobs:c}=t,p=n.meeting.value,u=p?.recording_id??0;y(()=>{u&&l.loadWhole(u).catch(g=>a(E(g)))},[u]);let h=n.ready.value&&(l.isWhole(u)||i)&&(c.loaded.value||c.error.value),f=p&&t.transferOf(p.recording_id)?.status;return y(()=>{f&&n.loadTransferred(f).catch(()=>{})},[f]),s`
		<div class="page meeting-page">
			<p><a class="back" href=${Fr(t.meetings.view.value)}><${Qe} />Meetings</a></p>
			${n.error.value&&s`
				<${m}>
					${n.error.value}${" "}
					${n.isGone.value?s`<a href=${U("/")}>Back to meetings</a>`:s`<${d} kind="link" onClick=${()=>n.load()}>Try again</${d}>`}
				</${m}>`}
			${!(p&&h)&&!n.error.value&&s`<${N} label="Loading meeting" />`}
			${p&&h&&s`<${zc} workspace=${t} details=${n} meeting=${p} at=${o} tab=${r} />`}
		</div>`}function zc({workspace:t,details:e,meeting:o,at:r,tab:n}){let[i,a]=$(null),l=ii("(min-width: 50rem)"),c=e.recording.value,p=de(f=>{i&&(i.currentTime=f,Tt(i))},[i]),u=t.transferOf(o.recording_id)?.share_url||o.loom_url,h=s`
		<${Vs} key=${o.recording_id} recordingID=${o.recording_id} isStored=${!!c} />
		<${Hc} meeting=${o} />
		<${jc} workspace=${t} details=${e} meeting=${o} />`;return s`
		<${Uc} workspace=${t} meeting=${o} media=${i} tab=${n} />
		<div class="meeting">
			<div class="meeting-main">
				${c&&s`<${Ys} workspace=${t} details=${e} meeting=${o} recording=${c} media=${i} onMedia=${a} at=${r} onSeek=${p} />`}
				<${si} workspace=${t} details=${e} meeting=${o} />
				<${Nn} url=${u} title=${o.title} />
				${c&&s`<${On} chapters=${e.chapters.value} media=${i} onSeek=${p} />`}
				${l&&h}
			</div>
			<${_s} workspace=${t} details=${e} meeting=${o} media=${i} at=${r} tab=${n} onSeek=${c?p:void 0} />
			${!l&&s`<div class="meeting-more">${h}</div>`}
		</div>`}function Uc({workspace:t,meeting:e,media:o,tab:r}){let n=Ps(t.db,e);ai(o,de(l=>{let c=n[l];c&&ue(V(c.id,r))},[n,r]));let i=X(e.fathom_url),a=[`${xe(e.recorded_at)}, ${Se(e.recorded_at)}`,Je(e.duration),e.meeting_type].filter(Boolean);return s`
		<${Rs} neighbours=${n} tab=${r} />
		<div class="meeting-head">
			<div>
				<${Z} title=${e.title||"Untitled meeting"} />
				<p class="muted">${a.join(" \xB7 ")}${i&&s`${" \xB7 "}<${R} href=${i}>Open in Fathom</${R}>`}</p>
				${e.withdrawn_at&&s`<p class="muted"><${oe} tone="plain">No longer at Fathom</${oe}> Everything that was copied is kept.</p>`}
			</div>
			<${gn} db=${t.db} selection=${{recording_ids:[e.recording_id]}} />
		</div>`}function jc({workspace:t,details:e,meeting:o}){return s`
		<section class="deletion" aria-label="Delete meeting">
			<${P} label="Delete meeting…" confirmLabel="Delete meeting" action=${async()=>{await e.delete(),t.lookup.remove(o.id),t.meetings.removed(),ue(U("/"),{replace:!0})}}
				question="Delete this meeting with the video, summary and transcript stored here? Nothing is deleted at Fathom or Loom. Syncs will not add it again." />
		</section>`}function Hc({meeting:t}){let e=t.invitees??[];return e.length?s`
		<section class="people">
			<h2>People</h2>
			<ul>
				${e.map(o=>s`
					<li dir="auto">${o.name||o.email||"Unknown person"}${o.is_external&&s`<span class="muted"> · external</span>`}</li>`)}
			</ul>
		</section>`:null}function lo({id:t,email:e,error:o=""}){return s`
		<input type="email" autocomplete="username" value=${e} readOnly hidden />
		<${T} id=${t} label="New password" type="password" required minlength="8" autocomplete="new-password" error=${o} hint="At least 8 characters." />`}function Wc({token:t}){let{run:e,busy:o,error:r}=k(Pn),n=Re(t,"email"),i=n?_e(r):"This link is incomplete. Open it again from the message, or copy all of it.",a=c=>{c.preventDefault(),e(t,String(new FormData(c.currentTarget).get("password")))};if(i)return s`
			<${H} title="Choose a new password">
				<${m}>${i}</${m}>
				<p><a class="button primary" href=${U("/forgot-password")}>Ask for another link</a></p>
			</${H}>`;let l=F(r,"password");return s`
		<${H} title="Choose a new password">
			<p>For the account of <strong>${n}</strong>. All browsers that are signed in to it will be signed out.</p>
			<form onSubmit=${a}>
				<${lo} id="password" email=${n} error=${l} />
				${r&&!l&&s`<${m}>${E(r)}</${m}>`}
				<${d} type="submit" busy=${o}>Save and sign in</${d}>
			</form>
		</${H}>`}function li({posters:t,meeting:e}){let o=[xe(e.recorded_at),Se(e.recorded_at)].filter(Boolean).join(", ");return s`
		<li class="result">
			<div class="row-lead">
				<${fn} posters=${t} meeting=${e} />
				<div>
					<h2 dir="auto"><a href=${e.href}>${e.title||"Untitled meeting"}</a></h2>
					<p class="muted">${o}</p>
				</div>
			</div>
			${e.matches.length>0&&s`
				<ul class="matches">
					${e.matches.map((r,n)=>s`<${Yc} key=${n} meeting=${e} match=${r} />`)}
				</ul>`}
		</li>`}function Yc({meeting:t,match:e}){let o=e.start===null?"":te(e.start);return s`
		<li>
			<p class="muted">
				${e.start!==null&&s`
					<a class="timestamp" href=${Ke(t.id,e.start)} aria-label=${`${o} in ${t.title||"Untitled meeting"}`}>${o}</a>${" \xB7 "}`}
				${Wr(e)}
			</p>
			<p class="excerpt" dir="auto">${qt(e.text,e.ranges).map(({text:r,isMatch:n})=>n?s`<mark>${r}</mark>`:r)}</p>
		</li>`}function Vc({workspace:{search:t,posters:e},query:o}){y(()=>{t.search(o)},[t,o]),mr(()=>{let i=t.query.value===o?t.scroll:0;requestAnimationFrame(()=>scrollTo(0,i));let a=()=>{t.scroll=scrollY};return addEventListener("scroll",a,{passive:!0}),()=>removeEventListener("scroll",a)},[]);let r=t.error.value,n=ie(r)===400;return s`
		<div class="page">
			<p><a class="back" href=${U("/")}><${Qe} />Meetings</a></p>
			<${Z} title="Search" />
			<div>
				<${$n} query=${o} problem=${n?E(r):""} onSearch=${i=>t.search(i)} />
				<p class="muted search-status" role="status">${Zc(t,o)}</p>
			</div>
			${r&&!n&&s`<${m}>${E(r)} <${d} kind="link" onClick=${()=>t.search(o)}>Try again</${d}></${m}>`}
			${o?!r&&s`<${Kc} search=${t} posters=${e} query=${o} />`:s`<${Qc} />`}
		</div>`}function Zc(t,e){return!e||t.error.value?"":!t.items.value.length&&(t.loading.value||t.query.value!==e)?"Searching\u2026":t.total.value?`${_(t.total.value,"meeting")} found`:"No meetings found"}function Kc({search:t,posters:e,query:o}){let{run:r,busy:n,error:i}=k(()=>t.loadMore()),a=t.items.value,l=t.total.value,c=t.loading.value||t.query.value!==o;return s`
		${!t.complete.value&&s`
			<${m} kind="note">
				The index is still being built, so some meetings may be missing.${" "}
				<${d} kind="link" busy=${c} onClick=${()=>t.search(o)}>Search again</${d}>
			</${m}>`}
		${!a.length&&!c&&t.complete.value&&s`
			<section class="empty">
				<h2>Nothing found</h2>
				<p>No meeting contains all of these words. Check their spelling, or try fewer of them.</p>
			</section>`}
		${a.length>0&&s`<ol class="results">${a.map(p=>s`<${li} key=${p.id} posters=${e} meeting=${p} />`)}</ol>`}
		<p class="more" aria-live="polite">
			${t.hasMore.value&&s`
				<${d} kind="quiet" busy=${n} onClick=${r}>${n?"Loading\u2026":"Show more"}</${d}>
				<span class="muted">${`${a.length} of ${_(l,"meeting")}`}</span>`}
			${i&&s`<span class="error">${E(i)}</span>`}
		</p>`}var Qc=()=>s`
	<section class="hints">
		<p>Searches the titles, people, summaries, action items, highlights and transcripts of all meetings.</p>
		<dl>
			<dt>budget marketing</dt><dd>both words, anywhere in a meeting</dd>
			<dt>"next quarter"</dt><dd>these words, one after the other</dd>
			<dt>budg</dt><dd>words that begin like this; with other words after it, write budg*</dd>
			<dt>budget OR forecast</dt><dd>one of the words; NOT leaves meetings out</dd>
			<dt>from:ada</dt><dd>meetings in which this person speaks, or which they recorded</dd>
			<dt>after:2026-01-31</dt><dd>meetings from that day on; before: for earlier ones</dd>
		</dl>
	</section>`;function co(t){let[e,o]=$(!1),{run:r,error:n}=k(async()=>{await navigator.clipboard.writeText(t),o(!0)});return{run:r,copied:e,error:n}}var Gc=[["read","Read meetings, transcripts and videos"],["transfer","Start and cancel copies and syncs"],["share","Create and revoke links to recordings"]],Jc=1440*60*1e3;function ci({onCreated:t,onCancel:e}){let{run:o,busy:r,error:n}=k(async l=>{let c=new Date(Date.now()+Number(l.get("token-days"))*Jc).toISOString();t(await B.send("/api/tokens",{method:"POST",body:{name:l.get("token-name"),scopes:l.getAll("token-scope"),expires:c}}))}),i=l=>{l.preventDefault(),o(new FormData(l.currentTarget))},a=F(n,"name");return s`
		<form class="rule-form" onSubmit=${i}>
			<${T} id="token-name" label="Token name" required maxlength="80" autocomplete="off" error=${a} hint="Such as the script that uses it." />
			<fieldset>
				<legend>What it may do</legend>
				${Gc.map(([l,c])=>s`
					<label class="check-box" key=${l}><input type="checkbox" name="token-scope" value=${l} defaultChecked=${l==="read"} /> ${c}</label>`)}
			</fieldset>
			<div class="field">
				<label for="token-days">Expires after</label>
				<select id="token-days" name="token-days">
					<option value="30">30 days</option>
					<option value="90" selected>90 days</option>
					<option value="365">A year</option>
				</select>
			</div>
			${n&&!a&&s`<${m}>${b(n)}</${m}>`}
			<div class="actions">
				<${d} type="submit" busy=${r}>Create</${d}>
				<${d} kind="quiet" disabled=${r} onClick=${e}>Cancel</${d}>
			</div>
		</form>`}function di({name:t,text:e}){let{run:o,copied:r,error:n}=co(e);return s`
		<div class="confirm" role="status">
			<${T} id="new-token" label=${`Token \u201C${t}\u201D`} readonly value=${e} spellcheck=${!1} autocomplete="off"
				onFocus=${i=>i.currentTarget.select()} hint="Copy it now. It is not shown again." />
			<div class="actions"><${d} kind="quiet" onClick=${o}>${r?"Copied":"Copy token"}</${d}></div>
			${n&&s`<${m}>Your browser doesn’t allow copying here. Select the token and copy it.</${m}>`}
		</div>`}function ui(){let[t,e]=$(null),[o,r]=$(!1),[n,i]=$(null),{run:a,error:l}=k(async()=>e((await B.send("/api/tokens",{})).tokens));y(()=>{a()},[]);let c=u=>{i(u),r(!1),a()},p=async u=>{await B.send(`/api/tokens/${u}`,{method:"DELETE"}),n?.id===u&&i(null),e(h=>(h??[]).filter(f=>f.id!==u))};return s`
		<section class="card" aria-labelledby="tokens-heading">
			<h2 id="tokens-heading">API tokens</h2>
			<p class="muted">Scripts and assistants use your data with a token instead of your password. Changing your password
			revokes all tokens, and the access that you gave assistants.</p>
			${!t&&!l&&s`<${N} label="Loading tokens" />`}
			${l&&s`<${m}>${b(l)} <${d} kind="link" onClick=${a}>Try again</${d}></${m}>`}
			${t&&t.length>0&&s`
				<ul class="rules">
					${t.map(u=>s`<li key=${u.id}><${ed} token=${u} onRevoke=${()=>p(u.id)} /></li>`)}
				</ul>`}
			${n&&s`<${di} key=${n.id} name=${n.name} text=${n.token} />`}
			${o?s`<${ci} onCreated=${c} onCancel=${()=>r(!1)} />`:t&&s`<${d} kind="quiet" onClick=${()=>r(!0)}>Create token</${d}>`}
		</section>`}function Xc({client:t},e){return e?t?"Remove this assistant from the list?":"Remove this token from the list?":t?"The assistant can\u2019t read your meetings any more, until you allow it again.":"Whatever uses this token stops working at once."}function ed({token:t,onRevoke:e}){let o=Date.parse(t.expires)<=Date.now(),r=t.last_used?`last used ${J(t.last_used,z(t.last_used))}${t.last_address&&` from ${t.last_address}`}`:"never used";return s`
		<div>
			<strong>${t.name}</strong> ${t.client?`(assistant, ${t.client})`:s`<code>${t.prefix}…</code>`}
			<p class="muted">${t.scopes.join(", ")} · ${o?"expired":"expires"} ${pe(t.expires)} · ${r}</p>
			<${P} label=${o?"Remove":"Revoke"} subject=${t.name} action=${e}
				question=${Xc(t,o)} />
		</div>`}var td={system:"As on this device",light:"Light",dark:"Dark"};function pi(){let[t,e]=$(yn),o=r=>{vn(r),e(r)};return s`
		<section class="card" aria-labelledby="theme-heading">
			<h2 id="theme-heading">Colors</h2>
			<fieldset class="choices">
				<legend>In this browser</legend>
				${Object.entries(td).map(([r,n])=>s`
					<label class="check-box" key=${r}>
						<input type="radio" name="theme" checked=${r===t} onChange=${()=>o(r)} /> ${n}
					</label>`)}
			</fieldset>
		</section>`}var mi=t=>JSON.stringify({mcpServers:{"fathom-to-loom":{type:"http",url:`${t}/mcp`,headers:{Authorization:"Bearer YOUR_TOKEN"}}}},null,2);function Ko({id:t,label:e,text:o}){let{run:r,copied:n,error:i}=co(o);return s`
		<div class="copy-text">
			<p id=${t} class="hint">${e}</p>
			<pre tabindex="0" role="group" aria-labelledby=${t}>${o}</pre>
			<div class="actions"><${d} kind="quiet" aria-label=${`Copy: ${e}`} onClick=${r}>${n?"Copied":"Copy"}</${d}></div>
			${i&&s`<${m}>Your browser doesn’t allow copying here. Select the text and copy it.</${m}>`}
		</div>`}function hi(){return s`
		<section class="card" aria-labelledby="assistants-heading">
			<h2 id="assistants-heading">Assistants</h2>
			<p>Assistants that support the Model Context Protocol (MCP) can search and read your meetings. Add this address as a
			connector. When the assistant connects, you are asked here what it may do.</p>
			<${Ko} id="mcp-address" label="Address" text=${`${yo()}/mcp`} />
			<details>
				<summary>Use an API token instead</summary>
				<p>Create a token above, paste this into the configuration of the assistant, and replace YOUR_TOKEN.</p>
				<${Ko} id="mcp-config" label="Configuration" text=${mi(yo())} />
			</details>
		</section>`}var od={checking:{tone:"plain",label:"Checking\u2026"},valid:{tone:"good",label:"Connected"},invalid:{tone:"bad",label:"Not working"},unchecked:{tone:"plain",label:"Not checked"}};function rd(t){return t.status==="valid"&&Bt(t)?{tone:"plain",label:"Reading only"}:t.status==="invalid"&&t.details?.state==="choose_site"?{tone:"plain",label:"Site not chosen"}:od[t.status]}function ut({connection:t}){let e=t&&rd(t);return s`<span aria-live="polite">${e&&s`<${oe} tone=${e.tone}>${e.label}</${oe}>`}</span>`}function le(t,e,o){let[r,n]=$({saving:0,wanted:void 0,error:null}),i=async l=>{n(({saving:p})=>({saving:p+1,wanted:l,error:null}));let c=null;try{await t.save(e,l)}catch(p){c=p}return n(p=>({...p,saving:p.saving-1,error:c??p.error})),!c};return{value:(r.saving?r.wanted:t.get(e))??o,save:i,error:r.error,loaded:t.loaded.value}}var uo={types:"Meeting type",people:"Person",domains:"Domain",title_words:"Title contains",title_not:"Title doesn\u2019t contain"},fi=Object.keys(uo),Qo=t=>t.split(",").map(e=>e.trim()).filter(Boolean);function Go(t){let e={};t.get("recorded_by_me")&&(e.recorded_by_me=!0);for(let n of fi){let i=Qo(String(t.get(n)??""));i.length&&(e[n]=i)}let o=String(t.get("external")??"");(o==="only"||o==="none")&&(e.external=o);let r=Number(t.get("min_minutes"));return r>0&&(e.min_minutes=r),e}function $i(t){return[t.recorded_by_me&&"Recorded by me",...fi.map(e=>t[e]?.length&&`${uo[e]}: ${t[e].join(" or ")}`),t.external==="only"&&"With external people",t.external==="none"&&"Without external people",t.min_minutes&&`At least ${t.min_minutes} minutes`].filter(Boolean).join(" \xB7 ")}function _t({entries:t,onSave:e,...o}){let[r,n]=$(null),i=async()=>{if(r===null)return;await e(Qo(r))&&n(l=>l===r?null:l)};return s`
		<${T} ...${o} value=${r??t.join(", ")} autocomplete="off" spellcheck=${!1}
			onInput=${a=>n(a.currentTarget.value)} onChange=${i} />`}function gi({workspace:{preferences:t}}){let e=le(t,"sync_others",{enabled:!1}),o=e.value,r=i=>e.save({...o,...i}),n=e.error&&(F(e.error,"value")||b(e.error));return s`
		<div class="choices" role="group" aria-labelledby="others-heading">
			<h3 id="others-heading">Meetings of others</h3>
			<${ae} label="Include meetings recorded by others" checked=${o.enabled} disabled=${!e.loaded} onChange=${i=>r({enabled:i})} />
			<p class="hint">Fathom lists the calls that were recorded outside your organization only by team or person. A change applies from the next sync.</p>
			${o.enabled&&s`
				<${_t} id="others-teams" label="Teams" entries=${o.teams??[]} placeholder="Sales, Support"
					hint="Leave teams and people blank for all teams. Separate several by commas." onSave=${i=>r({teams:i})} />
				<${_t} id="others-people" label="People" entries=${o.people??[]} placeholder="bo@example.com"
					hint="E-mail addresses of people who record." onSave=${i=>r({people:i})} />`}
			${n&&s`<p class="error" role="alert">${n}</p>`}
		</div>`}function ki({workspace:t}){let e=t.fathom,[o,r]=$(!1),n=O(null),{meetings:i}=t,a=i.loaded.value&&!i.totalOfAll.value,l=c=>{r(!1),n.current?.focus(),ln(t,c)};return s`
		<section class="card" aria-labelledby="fathom-heading">
			<div class="card-head">
				<h2 id="fathom-heading" tabindex="-1" ref=${n}>Fathom</h2>
				<${ut} connection=${e} />
			</div>
			${e&&s`<${nd} connection=${e} />`}
			${!e&&s`<p>Your meetings are read with an API key of your Fathom account.</p>`}
			${!e||o?s`<${sn} workspace=${t} connection=${e} onSaved=${l} onCancel=${e&&(()=>r(!1))} />`:s`<${sd} workspace=${t} connection=${e} onReplace=${()=>r(!0)} />`}
			${e&&s`<${gi} workspace=${t} />`}
		</section>
		${e?.status==="valid"&&a&&s`
			<p><a class="button primary" href=${U("/")}>Continue to meetings</a></p>`}`}function nd({connection:t}){return s`
		<dl class="facts">
			<div><dt>API key</dt><dd><code>${t.last_four?`\u2022\u2022\u2022\u2022 ${t.last_four}`:"\u2022\u2022\u2022\u2022"}</code></dd></div>
			${t.checked_at&&s`<div><dt>Checked</dt><dd>${J(t.checked_at,z(t.checked_at))}</dd></div>`}
		</dl>
		${t.reason&&s`<${m} kind=${t.status==="invalid"?"problem":"note"}>${t.reason}</${m}>`}`}function sd({workspace:t,connection:e,onReplace:o}){return s`
		<div class="actions">
			<${d} kind="quiet" onClick=${o}>Replace key</${d}>
			<${P} label="Remove key" action=${async()=>{await t.db.collection("connections").delete(e.id),t.connections.remove(e.id)}}
				question="Remove this key? Meetings and videos that are already copied are kept." />
		</div>`}var bi="{date} {time} {title}";function yi({workspace:t}){let{preferences:e}=t,[o,r]=$(!1),n=k(c=>e.save("time_zone",c||void 0)),i=k(c=>e.save("file_name",c&&c!==bi?c:void 0)),a=async c=>{c.preventDefault(),r(!1);let p=new FormData(c.currentTarget),u=await n.run(String(p.get("time-zone")).trim()),h=await i.run(String(p.get("file-name")).trim());r(u&&h)},l=c=>c?F(c,"value")||b(c):"";return s`
		<section class="card" aria-labelledby="names-heading">
			<h2 id="names-heading">Names of recordings</h2>
			${e.loaded.value&&s`
				<form onSubmit=${a} onInput=${()=>r(!1)}>
					<${T} id="file-name" label="File name" defaultValue=${e.get("file_name")??bi} autocomplete="off" spellcheck=${!1} error=${l(i.error)}
						hint="{date}, {time}, {title}, {type}, {host} and {id} are replaced. Recordings that are stored already keep their names." />
					<${T} id="time-zone" label="Time zone" defaultValue=${e.get("time_zone")??"UTC"} list="time-zones" autocomplete="off" spellcheck=${!1} error=${l(n.error)} />
					<datalist id="time-zones">${Intl.supportedValuesOf("timeZone").map(c=>s`<option key=${c} value=${c} />`)}</datalist>
					<div class="actions">
						<${d} type="submit" kind="quiet" busy=${n.busy||i.busy}>Save</${d}>
						<span role="status">${o&&"Saved."}</span>
					</div>
				</form>`}
		</section>`}var id="https://id.atlassian.com/manage-profile/security/api-tokens?autofillToken&expiryDays=max&appId=mcp-v2&selectedScopes=all";function vi({workspace:t,connection:e,onDone:o}){let[r,n]=$(e?.settings?.method??"token"),i=O(null);return y(()=>{i.current?.querySelector("input:checked")?.focus()},[]),s`
		<div class="loom-connect" ref=${i}>
			<p>Uploads use Atlassian’s official MCP server. Nobody has tried that with this program and a real account
			yet${!t.requiresLoom&&"; if it fails, you still get each file to upload yourself"}.</p>
			<fieldset class="choices">
				<legend>How to connect</legend>
				${Object.entries(So).map(([a,l])=>s`
					<label class="check-box" key=${a}>
						<input type="radio" name="loom-method" value=${a} checked=${r===a} onChange=${()=>n(a)} />
						<span>${l}${a==="token"&&s`<span class="muted"> (recommended)</span>`}</span>
					</label>`)}
			</fieldset>
			${r==="oauth"?s`<${dd} workspace=${t} onDone=${o} />`:s`<${ad} key=${r} workspace=${t} connection=${e} method=${r} onDone=${o} />`}
		</div>`}function ad({workspace:t,connection:e,method:o,onDone:r}){let n=t.db.collection("connections"),{run:i,busy:a,error:l}=k(async f=>{let g=w=>String(f.get(w)??"").trim(),v={method:o,...o==="token"&&{email:g("loom-email")},site:g("loom-site")},S={secret:g("loom-secret"),settings:v},x=e?await n.update(e.id,S):await n.create({provider:"loom",...S});t.connections.put(x),Dt(),r()}),c=f=>{f.preventDefault(),i(new FormData(f.currentTarget))},p=o==="token",u=l?F(l,"secret"):"",h=e?.settings;return s`
		<form onSubmit=${c}>
			${p?s`<${ld} />`:s`<${cd} />`}
			${p&&s`
				<${T} id="loom-email" label="E-mail address at Atlassian" type="email" required autocomplete="off" spellcheck=${!1}
					defaultValue=${h?.email??t.user.email} />`}
			<${T} id="loom-secret" label=${So[o]} type="password" required autocomplete="off" spellcheck=${!1} error=${u} />
			<${T} id="loom-site" label="Atlassian site (optional)" autocomplete="off" spellcheck=${!1} placeholder="your-team.atlassian.net"
				defaultValue=${h?.method===o?h.site??"":""} hint="If you have several sites, you can also choose one afterwards." />
			${l&&!u&&s`<${m}>${b(l)}</${m}>`}
			<div class="actions">
				<${d} type="submit" busy=${a}>${a?"Connecting\u2026":"Connect"}</${d}>
				<${d} kind="quiet" onClick=${r}>Cancel</${d}>
			</div>
		</form>`}var ld=()=>s`
	<p><${R} href=${id}>Create an API token at Atlassian</${R}> for the app <strong>Rovo MCP V2</strong> with all
	scopes, as the link preselects. Needed are <code>read:me</code>, <code>read:account</code>, <code>read:loom:agent-interface</code>
	${" "}and <code>write:loom:agent-interface</code>. Tokens of other apps don’t work. They expire after a year at most.</p>
	<p>An organization admin must allow API tokens under Rovo → Rovo MCP server → Authentication.</p>`,cd=()=>s`
	<p>An organization admin creates service accounts and their API keys in <${R} href="https://admin.atlassian.com">Atlassian
	Administration</${R}>. The key needs the Loom scopes for reading and writing. Organization API keys don’t work.</p>
	<p>The service account owns the videos that it uploads. Let your workspace watch them, or you can’t either.</p>`;function dd({workspace:t,onDone:e}){let{run:o,busy:r,error:n}=k(()=>Ce(t)),i=Or(location);return s`
		<div class="loom-connect">
			${i.text&&s`<${m} kind="note">${i.text}</${m}>`}
			${i.isPossible&&s`<p>You sign in on Atlassian’s page, allow access to one site, and return here.</p>`}
			<div class="actions">
				${i.isPossible&&s`
					<${d} kind=${i.isLocal?"primary":"quiet"} busy=${r} onClick=${o}>${r?"Opening Atlassian\u2026":"Connect Atlassian"}</${d}>`}
				<${d} kind="quiet" onClick=${e}>Cancel</${d}>
			</div>
			${n&&s`<${m}>${b(n)}</${m}>`}
		</div>`}function wi({workspace:t,connection:e,onReplace:o}){let{site:r,sites:n}=e.details??{},i=(n??[]).length<2;return s`
		<dl class="facts">
			<div><dt>Connected with</dt><dd>${Ir(e)}</dd></div>
			${r&&i&&s`<div><dt>Site</dt><dd>${r.name||r.url}</dd></div>`}
			<div><dt>Can</dt><dd>${Br(e)}</dd></div>
			${e.checked_at&&s`<div><dt>Checked</dt><dd>${J(e.checked_at,z(e.checked_at))}</dd></div>`}
		</dl>
		<${ud} workspace=${t} connection=${e} />
		<${md} workspace=${t} connection=${e} />
		<${fd} workspace=${t} connection=${e} onReplace=${o} />`}function ud({workspace:t,connection:e}){let{status:o,reason:r,details:n}=e;if(o==="checking")return s`<p class="muted">Atlassian is asked what this connection can do.</p>`;let i=[n?.message,n?.advice].filter(Boolean).join(" ")||r;if(!i)return ke(e)&&s`<p>Recordings are uploaded to Loom for you.</p>`;let a=X(n?.link);return s`
		<${m} kind=${o==="invalid"?"problem":"note"}>
			${i}${a&&s`${" "}<${R} href=${a}>Open ${new URL(a).host}</${R}>`}
		</${m}>
		${!ke(e)&&o!=="unchecked"&&s`<p class="muted">${pd(t,e)}</p>`}`}function pd({requiresLoom:t},e){return t?"Until then, uploads to Loom fail.":`Until then, you upload copied videos to Loom yourself.${Bt(e)?" Its link is found by title and length.":""}`}function md({workspace:t,connection:e}){let o=e.details?.sites??[],r=e.details?.site?.id??"",{run:n,busy:i,error:a}=k(async c=>{let p={...e.settings,site:c};t.connections.put(await t.db.collection("connections").update(e.id,{settings:p}))});return!o.length&&e.details?.state==="choose_site"?s`<${hd} site=${e.settings?.site??""} busy=${i} error=${a} onSave=${n} />`:o.length<2?null:s`
		<div class="field">
			<label for="loom-sites">Atlassian site</label>
			<select id="loom-sites" value=${r} disabled=${i||e.status==="checking"} onChange=${c=>n(c.currentTarget.value)}>
				${!r&&s`<option value="">Choose a site</option>`}
				${o.map(({id:c,name:p,url:u})=>s`<option key=${c} value=${c}>${p||u}</option>`)}
			</select>
			${a&&s`<p class="error" role="alert">${b(a)}</p>`}
		</div>`}function hd({site:t,busy:e,error:o,onSave:r}){return s`
		<form onSubmit=${i=>{i.preventDefault(),r(String(new FormData(i.currentTarget).get("loom-site")).trim())}}>
			<${T} id="loom-site" label="Atlassian site" required autocomplete="off" spellcheck=${!1} placeholder="your-team.atlassian.net"
				defaultValue=${t} error=${o?b(o):""} />
			<${d} type="submit" kind="quiet" busy=${e}>Use this site</${d}>
		</form>`}function fd({workspace:t,connection:e,onReplace:o}){let{db:r,connections:n}=t,i=k(async()=>n.put(await r.send("/api/loom/check",{method:"POST"}))),a=k(()=>Ce(t)),l=i.busy||e.status==="checking",c=e.settings?.method==="oauth",p=e.status==="invalid"&&e.details?.state==="reconnect",u=i.error??a.error;return s`
		<div class="actions">
			${p&&s`<${d} busy=${a.busy} onClick=${c?a.run:o}>Connect again</${d}>`}
			<${d} kind="quiet" busy=${l} onClick=${i.run}>${l?"Checking\u2026":"Check again"}</${d}>
			<${d} kind="quiet" aria-label="Change: Loom" onClick=${o}>Change</${d}>
			<${Jo} workspace=${t} connection=${e} />
		</div>
		${u&&s`<${m}>${b(u)}</${m}>`}`}function Jo({workspace:{db:t,connections:e,requiresLoom:o},connection:r}){return s`
		<${P} label="Disconnect" subject="Loom" action=${async()=>{await t.collection("connections").delete(r.id),e.remove(r.id)}} question=${`Disconnect Loom? Videos that are on Loom are kept. ${o?"Later transfers to Loom fail.":"You upload the files of later transfers yourself."}`} />`}function xi({workspace:t}){let{value:e,save:o,error:r,loaded:n}=le(t.preferences,"loom",{}),{visibility:i="owner",folder:a=cn}=e,l=c=>o(dn({visibility:i,folder:a,...c}));return s`
		<h3>Uploaded videos</h3>
		<${Wt} id="loom-visibility" label="Who can watch them" value=${i} disabled=${!n} onChange=${c=>l({visibility:c})} />
		<${Yt} workspace=${t} id="loom-folder" label="Folder" value=${a} disabled=${!n} onChange=${c=>l({folder:c})} />
		<p class="hint">These apply to videos that are uploaded from now on. Each rule and each upload can choose others.</p>
		${r&&s`<p class="error" role="alert">${F(r,"value")||b(r)}</p>`}`}function Si({workspace:t}){let{run:e,busy:o,error:r}=k(()=>Ce(t));return Er.value?s`
		<${m}>${r?b(r):Mr(location)}</${m}>
		<div class="actions">
			<${d} kind="quiet" busy=${o} onClick=${e}>Sign in again</${d}>
			<${d} kind="link" onClick=${Dt}>Dismiss</${d}>
		</div>`:null}var $d=2e3;function po({workspace:t,id:e}){let[o,r]=$(null),[n,i]=$(0),[a,l]=$({}),c=ke(t.loom)&&t.loom?.status==="valid"&&t.meetings.states.value.your_turn?t.waitingUploads:[];if(!c.length&&!o)return null;let p={recording_ids:c.slice(0,$d)},u=async()=>{let{created:v}=await t.transferMany(p,{dryRun:!0});if(!v)throw new Error("None of them can be uploaded now. Check your connection to Loom.");i(v)},h=async()=>{let v=await t.transferMany(p,a);r({...v,waiting:0,left:v.left+c.length-p.recording_ids.length})},f=qe(t.delivery,a),g=f.by==="server"?` ${nt(f.visibility,n===1?"it":"them")}`:"";return s`
		<section class="waiting-uploads" aria-label="Recordings that wait for you">
			${c.length>0&&s`
				<p>${_(c.length,"recording waits for you to upload it","recordings wait for you to upload them")} to Loom.</p>
				<${P} kind="primary" label=${c.length===1?"Upload it now":"Upload them now"} confirmLabel="Upload" prepare=${u} action=${h}
					question=${`Upload ${_(n,"recording")} to Loom?${g} Videos that are there already are not uploaded again.`}>
					<${be} workspace=${t} id=${e} choice=${a} onChange=${l} many=${!0} offersByHand=${!1} />
				</${P}>`}
			<${bn} result=${o} />
		</section>`}var Ti=({workspace:t})=>W.value.loomUploader==="handover"?s`<${gd} workspace=${t} />`:s`<${kd} workspace=${t} />`;function gd({workspace:t}){let e=t.connections.find(({provider:o})=>o==="loom");return s`
		<section class="card" aria-labelledby="loom-heading">
			<div class="card-head"><h2 id="loom-heading">Loom</h2><${oe} tone="plain">No key needed</${oe}></div>
			<p>Copied videos wait for you. You upload each on Loom’s website and paste the link that Loom gives you.</p>
			${e&&s`
				<p class="muted">This server uses the connection that you have saved only to find and check your videos, not to upload.</p>
				<${Jo} workspace=${t} connection=${e} />`}
		</section>`}function kd({workspace:t}){let[e,o]=$(!1),r=O(null),n=t.loom,i=()=>{o(!1),r.current?.focus({preventScroll:!0})};return s`
		<section class="card" aria-labelledby="loom-heading">
			<div class="card-head">
				<h2 id="loom-heading" tabindex="-1" ref=${r}>Loom</h2>
				<${ut} connection=${n} />
			</div>
			${!n&&s`
				<p>${t.requiresLoom?"Uploads to Loom need a connection on this server.":"Without a connection, copied videos wait for you. You upload each on Loom\u2019s website and paste the link that Loom gives you."}
				${" "}With a connection to Atlassian, which Loom belongs to, this server uploads the files for you.</p>`}
			${!e&&s`<${Si} workspace=${t} />`}
			${n&&!e&&s`<${wi} workspace=${t} connection=${n} onReplace=${()=>o(!0)} />`}
			${e&&s`<${vi} workspace=${t} connection=${n} onDone=${i} />`}
			${!n&&!e&&s`<${d} kind="quiet" onClick=${()=>o(!0)}>Connect Loom</${d}>`}
			${ke(n)&&!e&&s`
				<${po} workspace=${t} id="waiting" />
				<${xi} workspace=${t} />`}
		</section>`}function mo({workspace:t,provider:e,id:o,title:r,purpose:n,summary:i,fields:a,read:l}){let c=t.connections.find(w=>w.provider===e),[p,u]=$(!1),h=t.db.collection("connections"),{run:f,busy:g,error:v}=k(async w=>{let L=l(w),A=c?await h.update(c.id,L):await h.create({provider:e,...L});t.connections.put(A),u(!1)}),S=w=>{w.preventDefault(),f(new FormData(w.currentTarget))},x=async()=>{c&&(await h.delete(c.id),t.connections.remove(c.id))};return s`
		<section class="card" aria-labelledby=${`${o}-heading`}>
			<div class="card-head">
				<h2 id=${`${o}-heading`}>${r}</h2>
				<${ut} connection=${c} />
			</div>
			<p>${c?i(c.settings??{}):n}</p>
			${c?.reason&&s`<${m} kind=${c.status==="invalid"?"problem":"note"}>${c.reason}</${m}>`}
			${p?s`
				<form onSubmit=${S}>
					${a(c?.settings??{},!!c)}
					<div class="actions">
						<${d} type="submit" busy=${g}>${g?"Testing\u2026":"Save"}</${d}>
						<${d} kind="quiet" onClick=${()=>u(!1)}>Cancel</${d}>
					</div>
					${v&&s`<${m}>${b(v)}</${m}>`}
				</form>`:s`
				<div class="actions">
					<${d} kind="quiet" aria-label=${`${c?"Change":"Add"}: ${r}`} onClick=${()=>u(!0)}>${c?"Change":"Add"}</${d}>
					${c&&s`<${P} label="Remove" subject=${r} action=${x} question="Remove these settings?" />`}
				</div>`}
		</section>`}function Ci({workspace:t}){return s`<${mo} workspace=${t} provider="smtp" id="mail-server" title="Mail server"
		purpose="Notifications can be sent through a mail server of your own."
		summary=${e=>`Sends from ${e.from} through ${e.host}, port ${e.port}.`}
		fields=${bd} read=${yd} />`}function bd(t,e){return s`
		<${T} id="mail-host" label="Host" defaultValue=${t.host??""} placeholder="smtp.example.com" required autocomplete="off" spellcheck=${!1} />
		<${T} id="mail-port" label="Port" defaultValue=${t.port??587} inputmode="numeric" required autocomplete="off" hint="25, 465, 587 or 2525." />
		<div class="field">
			<label for="mail-security">Encryption</label>
			<select id="mail-security" name="mail-security">
				<option value="starttls" selected=${t.security!=="tls"}>STARTTLS</option>
				<option value="tls" selected=${t.security==="tls"}>TLS (usually port 465)</option>
			</select>
		</div>
		<${T} id="mail-username" label="User name" defaultValue=${t.username??""} required autocomplete="off" spellcheck=${!1} />
		<${T} id="mail-password" label="Password" type="password" required=${!e} autocomplete="new-password" hint=${e?"Leave it blank to keep the saved one.":""} />
		<${T} id="mail-from" label="Sender" defaultValue=${t.from??""} placeholder="ada@example.com" required autocomplete="off" spellcheck=${!1} />`}function yd(t){let e=r=>String(t.get(r)??"").trim();return{settings:{host:e("mail-host"),port:Number(e("mail-port")),security:e("mail-security"),username:e("mail-username"),from:e("mail-from")},...e("mail-password")&&{secret:e("mail-password")}}}var vd={on:"Problems and recordings that are ready are shown while Fathom-to-Loom is open in a tab.",off:"",blocked:"Your browser blocks notifications of this site. Allow them in the browser\u2019s settings for this site.",unsupported:"This browser shows notifications only if the site is opened with HTTPS."};function Ai({workspace:{notifications:t}}){let e=t.state.value,{run:o,busy:r}=k(n=>t.choose(n));return s`
		<fieldset class="choices">
			<legend>In this browser</legend>
			<${ae} label="Show notifications" checked=${e==="on"} disabled=${r||e==="blocked"||e==="unsupported"} onChange=${o} />
			<p class="hint" role="status">${vd[e]}</p>
		</fieldset>`}var wd={failed:"When there is a problem, or something stops",your_turn:"When it is your turn to upload a recording to Loom",digest:"Every Monday, a summary of the week"},xd={failed:!0,your_turn:!0,digest:!1};function Li({workspace:t}){let{value:e,save:o,error:r,loaded:n}=le(t.preferences,"notify"),i={...xd,...e};return s`
		<section class="card" aria-labelledby="notifications-heading">
			<h2 id="notifications-heading">Notifications</h2>
			<fieldset class="choices" disabled=${!n}>
				<legend>Send e-mail to ${t.user.email}</legend>
				${Object.entries(wd).map(([a,l])=>s`
					<${ae} key=${a} label=${l} checked=${i[a]} onChange=${c=>o({...i,[a]:c})} />`)}
			</fieldset>
			${r&&s`<${m}>${b(r)}</${m}>`}
			<${Sd} workspace=${t} />
			<${Ai} workspace=${t} />
		</section>`}function Sd({workspace:t}){let e=t.connections.find(({provider:o})=>o==="smtp");return!t.connections.loaded.value||e&&e.status!=="invalid"?null:W.value.mail?t.isVerified.value?null:s`
		<p class="hint">Your address is not confirmed, so this server sends no notifications to it. Confirm it, or add a mail server of your own below.</p>
		<${Td} workspace=${t} />`:s`<p class="hint">This server sends no e-mail. Add a mail server of your own below.</p>`}function Td({workspace:t}){return y(()=>{let e=()=>!document.hidden&&t.checkVerified().catch(()=>{}),o=["visibilitychange","focus"];for(let r of o)addEventListener(r,e);return e(),()=>o.forEach(r=>removeEventListener(r,e))},[t]),s`<${rt} email=${t.user.email} label="Send me a confirmation link" />`}var _i=20;function Ri({workspace:t}){let e=Q(()=>{let r=t.db.collection("notices");return new ot(t.streams.database,"notices",async()=>(await r.getList(1,_i,{sort:"-created"})).items)},[]);y(()=>(e.start(),()=>e.stop()),[e]);let o=[...e.records.value.values()].sort((r,n)=>n.created.localeCompare(r.created)).slice(0,_i);return e.error.value?s`<${m}>${e.error.value}</${m}>`:o.length?s`
		<section class="card" aria-labelledby="notices-heading">
			<h2 id="notices-heading">Latest</h2>
			<ul class="notices">
				${o.map(r=>s`
					<li key=${r.id}>
						<${Cd} notice=${r} meeting=${r.recording_id?t.lookup.get(r.recording_id):void 0} />
						${" "}<span class="muted">${J(r.created,z(r.created))}</span>
					</li>`)}
			</ul>
		</section>`:null}var Cd=({notice:t,meeting:e})=>e?s`<a href=${V(e.id)}>${t.text}</a>`:t.text;var Ad={google:"Google",github:"GitHub",fathom:"Fathom",loom:"Loom",smtp:"your mail server",webhook:"your webhook"},Ye=t=>Ad[t]??t,_d={password:"a password",otp:"a code sent by e-mail"},Ld={sign_in:t=>`Signed in with ${_d[t]??Ye(t)}`,sign_in_failed:(t,e)=>`${e>1?`${e} sign-ins`:"A sign-in"} failed because of a wrong ${t==="otp"?"code":"password"}`,password_changed:()=>"Password changed",email_changed:()=>"E-mail address changed",sessions_ended:()=>"Signed out everywhere",two_step_on:()=>"Two-step sign-in turned on",two_step_off:()=>"Two-step sign-in turned off",oauth2_linked:t=>`Sign-in with ${Ye(t)} added`,oauth2_unlinked:t=>`Sign-in with ${Ye(t)} removed`,token_created:t=>`API token \u201C${t}\u201D created`,token_revoked:t=>`API token \u201C${t}\u201D revoked`,tokens_revoked:t=>t==="1"?"An API token was revoked":`${t} API tokens were revoked`,share_created:t=>`Link to recording ${t} created`,share_changed:t=>`Link to recording ${t} changed`,share_revoked:t=>`Link to recording ${t} revoked`,assistant_connected:t=>`Access given to the assistant ${t}`,assistant_disconnected:t=>`Access of the assistant ${t} revoked`,assistant_reused:t=>`Access of the assistant ${t} revoked, because a code or token of it was used twice`,connection_added:t=>`Connection to ${Ye(t)} added`,connection_replaced:t=>`Connection to ${Ye(t)} replaced`,connection_changed:t=>`Connection to ${Ye(t)} changed`,connection_removed:t=>`Connection to ${Ye(t)} removed`,database_opened:()=>"Your data was opened",titles_shown:()=>"Titles of your jobs were shown",database_exported:()=>"Your data was exported",meetings_exported:()=>"Meetings were downloaded",database_imported:()=>"Your data was imported",database_archived:()=>"Your data was archived",database_restored:t=>t==="backup"?"Your data was restored from a backup":"Your data was restored",deletion_scheduled:()=>"Deletion of your data requested",deletion_undone:()=>"Deletion of your data cancelled",database_deleted:()=>"Your data was deleted"};function Rd({actor:t,actor_email:e}){return t==="superuser"?` by the administrator ${e}`:t==="operator"?" by the operator of this server":t==="server"?" by this server":""}function Ei(t){let e=Ld[t.event]?.(t.detail,t.count)??t.event.replaceAll("_"," "),o=t.count>1&&t.event!=="sign_in_failed"?` (${t.count} times)`:"";return`${e}${Rd(t)}${o}.`}var Pd=[[/\bEdg(e|A|iOS)?\//,"Edge"],[/\bOPR\//,"Opera"],[/\b(Firefox|FxiOS)\//,"Firefox"],[/\b(HeadlessChrome|Chrome|CriOS|Chromium)\//,"Chrome"],[/\bSafari\//,"Safari"]],Ed=[[/\b(iPhone|iPad)\b/,"iOS"],[/\bAndroid\b/,"Android"],[/\bWindows\b/,"Windows"],[/\bMac OS X\b/,"macOS"],[/\bLinux\b/,"Linux"]],Pi=(t,e)=>t.find(([o])=>o.test(e))?.[1]??"";function Di({address:t,user_agent:e}){let o=Pi(Pd,e),r=o&&Pi(Ed,e);return[t,o&&r?`${o} on ${r}`:o].filter(Boolean).join(", ")}var Dd=20;function Xo({id:t,title:e,events:o=[],onReady:r}){let[n,i]=$(null),[a,l]=$(!1),{run:c,busy:p,error:u}=k(async()=>{let h=(n?.length??0)+Dd,f=await B.collection("audit_events").getList(1,h+1,{sort:"-last_at,-@rowid",skipTotal:!0,filter:o.map(g=>`event = '${g}'`).join(" || ")});i(f.items.slice(0,h)),l(f.items.length>h)});return y(()=>{c().then(r)},[]),s`
		<section class="card" aria-labelledby=${`${t}-heading`}>
			<h2 id=${`${t}-heading`}>${e}</h2>
			<p class="muted">${o.length?"If you don\u2019t recognize a sign-in, change your password.":"If you don\u2019t recognize something, change your password and your Fathom API key."}</p>
			${!n&&!u&&s`<${N} label="Loading activity" />`}
			${n&&s`
				<ul class="notices">
					${n.map(h=>s`<li key=${h.id}><${Fd} event=${h} /></li>`)}
				</ul>`}
			${n?.length===0&&s`<p>Nothing is recorded yet.</p>`}
			${u&&s`<${m}>${b(u)} <${d} kind="link" onClick=${c}>Try again</${d}></${m}>`}
			${a&&s`<${d} kind="quiet" busy=${p} onClick=${c}>Show more</${d}>`}
		</section>`}function Fd({event:t}){let e=Di(t);return s`
		${Ei(t)}${" "}
		<span class="muted">${J(t.last_at,z(t.last_at))}${e&&` from ${e}`}</span>`}function Fi({workspace:{user:t,isVerified:e}}){let[o,r]=$(""),{run:n,busy:i,error:a}=k(Rn),l=async p=>{p.preventDefault();let u=p.currentTarget,h=String(new FormData(u).get("new-email")).trim();r(""),await n(h)&&(r(h),u.reset())},c=F(a,"newEmail");return s`
		<section class="card" aria-labelledby="email-heading">
			<h2 id="email-heading">E-mail address</h2>
			<p><strong>${t.email}</strong> ${e.value?"(confirmed)":"(not confirmed)"}</p>
			${W.value.mail?s`
					${!e.value&&s`<${rt} email=${t.email} label="Send the link that confirms it" />`}
					<form onSubmit=${l}>
						<${T} id="new-email" label="New e-mail address" type="email" required autocomplete="email" error=${c} />
						${a&&!c&&s`<${m}>${E(a)}</${m}>`}
						<${d} type="submit" kind="quiet" busy=${i}>Change address</${d}>
					</form>
					${o&&s`<${m} kind="note">Open the link in the message that was sent to ${o}. Until then, you sign in as before.</${m}>`}`:s`<p>This server can’t send e-mail, so it can’t check a new address. Ask <${Me} /> to change yours.</p>`}
		</section>`}function Bi({email:t,providers:e}){let[o,r]=$(!1),{run:n,busy:i,error:a}=k(Gr),l=async u=>{u.preventDefault();let h=u.currentTarget,f=new FormData(h);r(!1),await n(String(f.get("old-password")),String(f.get("new-password")))&&(h.reset(),r(!0))},c=F(a,"oldPassword"),p=F(a,"password");return s`
		<section class="card" aria-labelledby="password-heading">
			<h2 id="password-heading">Password</h2>
			<p class="muted">Changing it signs out all other browsers, and revokes all API tokens and the access of assistants.</p>
			<form onSubmit=${l}>
				<${T} id="old-password" label="Current password" type="password" required autocomplete="current-password" error=${c} />
				<${lo} id="new-password" email=${t} error=${p} />
				${a&&!c&&!p&&s`<${m}>${b(a)}</${m}>`}
				<${d} type="submit" kind="quiet" busy=${i}>Change password</${d}>
			</form>
			${o&&s`<${m} kind="note">Your password was changed. You are still signed in here.</${m}>`}
			${e.length>0&&s`<${Bd} email=${t} />`}
		</section>`}function Bd({email:t}){let[e,o]=$(!1),{run:r,busy:n,error:i}=k(Vt),a=async()=>o(await r(t));return W.value.mail?s`
		<div>
			<p>You have never set a password? <${d} kind="link" busy=${n} onClick=${a}>Send a link to choose one</${d}></p>
			<p class="muted" role="status">${e&&`A link is on its way to ${t}.`}</p>
			${i&&s`<${m}>${E(i)}</${m}>`}
		</div>`:s`<p>You have never set a password? Ask <${Me} /> for one.</p>`}var Id=()=>B.send("/api/account/two-step/code",{method:"POST"});function Ii({workspace:t,security:{two_step:e,two_step_available:o},onChange:r}){let[n,i]=$(void 0),a=O(null);y(()=>{n===!1&&a.current?.querySelector("button")?.focus()},[n]);let l=async(u,h)=>{await B.send("/api/account/two-step",{method:"POST",body:{on:!e,otpId:u,code:h}}),await r(),i(!1)},c=e?"Turn off":"Turn on",p=o&&(e||t.isVerified.value);return s`
		<section class="card" aria-labelledby="two-step-heading" ref=${a}>
			<h2 id="two-step-heading">Two-step sign-in</h2>
			<p role="status"><strong>${e?"On.":"Off."}</strong> ${e?"Whoever signs in to your account also needs a code that is sent to your e-mail address.":"If it is on, whoever signs in to your account also needs a code that is sent to your e-mail address. Somebody who only knows your password stays out."}</p>
			${!o&&s`<p>${e?s`This server can’t send codes at the moment. Ask <${Me} /> before you sign out.`:"This server can\u2019t send codes."}</p>`}
			${o&&!p&&s`<p>Confirm your e-mail address first, above.</p>`}
			${p&&!n&&s`<${d} kind="quiet" onClick=${()=>i(!0)}>${c}</${d}>`}
			${p&&n&&s`
				<${rn} id="two-step-code" send=${Id} submit=${l} label=${c} onCancel=${()=>i(!1)} cancelLabel="Cancel" />`}
		</section>`}function Oi({workspace:t}){let[e,o]=$(null),{run:r,error:n}=k(async()=>{let l=await B.send("/api/account/security",{});t.isVerified.value=l.verified,o(l)}),[i,a]=$(!1);return y(()=>{r()},[]),s`
		<${Fi} workspace=${t} />
		${!e&&!n&&s`<${N} label="Loading security" />`}
		${n&&s`<${m}>${b(n)} <${d} kind="link" onClick=${r}>Try again</${d}></${m}>`}
		${e&&s`
			<${Bi} email=${t.user.email} providers=${e.providers} />
			<${Ii} workspace=${t} security=${e} onChange=${r} />
			<${Od} />`}
		${(e||n)&&s`<${Xo} id="sign-ins" title="Recent sign-ins" events=${on} onReady=${()=>a(!0)} />`}
		${i&&s`<${Xo} id="activity" title="Recent activity" />`}`}function Od(){let[t,e]=$(!1);return s`
		<section class="card" aria-labelledby="sign-out-heading">
			<h2 id="sign-out-heading">Sign out everywhere</h2>
			<p>Signs out all other browsers and devices at once, and revokes all API tokens and the access of assistants. You stay signed in here.</p>
			<${P} label="Sign out everywhere else" question="Scripts and assistants that use a token stop working. Sign out everywhere else?"
				action=${async()=>{await Jr(),e(!0)}} />
			<p class="muted" role="status">${t&&"All other browsers and devices were signed out."}</p>
		</section>`}var Md=86400,qd=[0,1,7,30,90,365];function Mi({workspace:{preferences:t}}){let{value:e,save:o,error:r,loaded:n}=le(t,"keep_recordings"),i=Number(e)||0;return s`
		<div class="field">
			<label for="retention">Keep videos that are on Loom</label>
			<select id="retention" value=${String(i)} disabled=${!n} aria-describedby="retention-hint"
				onChange=${a=>o(Number(a.currentTarget.value)||void 0)}>
				${[...new Set([...qd,i])].map(a=>s`
					<option key=${a} value=${String(a)}>${a?Pt(a*Md):"For ever"}</option>`)}
			</select>
			<p class="hint" id="retention-hint">After this time, the copy of a video that is stored here is deleted, also of those that were delivered before.
			Videos that are not on Loom yet, or whose link could not be checked, are kept.</p>
			${r&&s`<p class="error" role="alert">${b(r)}</p>`}
		</div>`}var qi=10,Nd=40,zd=50;function Ni({workspace:t,onDelete:e}){let{db:o}=t,[r,n]=$([]),[i,a]=$(0),[l,c]=$(qi),{run:p,busy:u,error:h}=k(async(w=qi)=>{let L=[];for(let A=1;(A-1)*zd<w;A++)L.push(await o.send("/api/usage/meetings",{query:{page:A}}));n(L.flatMap(({items:A})=>A).slice(0,w)),a(L[0].totalItems),c(w)});y(()=>{p()},[]);let[f,g]=$(new Set),v=(w,L)=>{let A=new Set(f);L?A.add(w):A.delete(w),g(A)},S=async w=>{try{for(let L of w)await o.collection("recordings").delete(L)}finally{g(new Set([...f].filter(L=>!w.includes(L)))),await p(l),e()}},x=r.filter(({recording:w,video:L})=>L>0&&f.has(w));return s`
		${h&&s`<${m}>${b(h)} <${d} kind="link" onClick=${()=>p(l)}>Try again</${d}></${m}>`}
		${r.length>0&&s`
			<h3>Largest meetings</h3>
			<ul class="videos">
				${r.map(w=>s`<${jd} key=${w.meeting} workspace=${t} usage=${w} isChosen=${f.has(w.recording)}
					onChoose=${L=>v(w.recording,L)} onDelete=${()=>S([w.recording])} />`)}
			</ul>
			${x.length>0&&s`<${Ud} workspace=${t} selected=${x} action=${()=>S(x.map(({recording:w})=>w))} />`}
			${r.length<i&&s`
				<p class="more">
					<${d} kind="quiet" busy=${u} onClick=${()=>p(l+Nd)}>Show more</${d}>
					<span class="muted">${r.length} of ${_(i,"meeting")}</span>
				</p>`}`}`}function Ud({workspace:t,selected:e,action:o}){let r=j(e.reduce((a,{video:l})=>a+l,0)),n=e.filter(({recording_id:a})=>t.transferOf(a)?.status!=="delivered").length,i=n?` ${_(n,"of them is","of them are")} not on Loom yet. You can copy ${n===1?"it":"them"} again.`:" The videos on Loom are kept.";return s`
		<${P} label=${`Delete ${_(e.length,"video")} (${r})`} confirmLabel="Delete" action=${o}
			question=${`Delete ${_(e.length,"video")} and free ${r}?${i}`} />`}function jd({workspace:t,usage:e,isChosen:o,onChoose:r,onDelete:n}){let i=t.transferOf(e.recording_id),a=e.title||"Untitled meeting",{label:l}=t.stateOf(e.recording_id),c=[e.video>0&&`${j(e.video)} video`,`${j(e.text)} text`,l].filter(Boolean);return s`
		<li>
			<input type="checkbox" aria-label=${`Select: ${a}`} checked=${o} disabled=${!(e.video>0)}
				onChange=${p=>r(p.currentTarget.checked)} />
			<div>
				<a dir="auto" href=${V(e.meeting)}>${a}</a>
				<p class="muted">${c.join(" \xB7 ")}</p>
			</div>
			${e.video>0&&s`
				<${P} label="Delete video" subject=${a} action=${n} question=${Hd(e,i?.status==="delivered")} />`}
		</li>`}function Hd({video:t},e){return`Delete this video and free ${j(t)}? ${e?"The video on Loom is kept.":"It is not on Loom yet. You can copy the meeting again."}`}function zi({workspace:t}){let[e,o]=$(null),{run:r,error:n}=k(async()=>o(await t.db.send("/api/usage",{})));return y(()=>{r()},[]),s`
		<section class="card" aria-labelledby="storage-heading">
			<h2 id="storage-heading">Storage</h2>
			${n&&s`<${m}>${b(n)} <${d} kind="link" onClick=${r}>Try again</${d}></${m}>`}
			${!e&&!n&&s`<${N} label="Loading storage use" />`}
			${e&&s`<${Wd} bytes=${e.bytes} quota=${e.quota} />`}
			<p class="muted">Your meetings, transcripts and videos are stored in your own database. To free space, delete
			videos. Summaries and transcripts are kept.</p>
			<${Mi} workspace=${t} />
			<${Ni} workspace=${t} onDelete=${r} />
		</section>`}function Wd({bytes:t,quota:e}){if(!e)return s`<p><strong>${j(t)}</strong> used.</p>`;let o=t>=e;return s`
		<div class="progress">
			<progress aria-label="Storage used" max="1" value=${Math.min(t/e,1)} />
			<p><strong>${j(t)}</strong> of ${j(e)} used (${Et(t/e)}).</p>
		</div>
		${o&&s`<${m}>Your storage is full. Delete videos to copy more.</${m}>`}`}var er={kind:"fathom.sync",payload:{}},Ui=({kind:t,payload:e})=>t===er.kind&&!e?.full,ji=t=>t?{every:t,enabled:!0}:{enabled:!1},Hi=t=>t?.enabled?t.every:0;var Wi={0:"Never",3600:"Every hour",21600:"Every 6 hours",86400:"Every day"};function Yi({workspace:t}){let e=B.collection("job_schedules"),o=Q(()=>new ot(t.streams.global,"job_schedules",()=>e.getFullList()),[]);y(()=>(o.start(),()=>o.stop()),[o]);let r=o.find(Ui),[n,i]=$(""),{run:a,busy:l,error:c}=k(async S=>{if(!r&&!S)return;let x=ji(S),w=r?e.update(r.id,x):e.create({...er,...x});o.put(await w)}),p=S=>{i(S.currentTarget.value),a(Number(S.currentTarget.value))},u=String(Hi(r)),h=u!=="0",f={...Wi,[u]:Wi[u]??`Every ${Je(Number(u))}`},g=h&&r?.stopped,v=c?b(c):o.error.value||r?.error;return s`
		<div class="field">
			<label for="auto-sync">Sync automatically</label>
			<select id="auto-sync" value=${l?n:u} disabled=${l||!o.loaded.value} aria-describedby="auto-sync-hint" onChange=${p}>
				${Object.entries(f).map(([S,x])=>s`<option key=${S} value=${S}>${x}</option>`)}
			</select>
			<p class="hint" id="auto-sync-hint" aria-live="polite">${h&&!g&&r?.next_run_at?`Next sync ${Ar(r.next_run_at,z())}.`:""}</p>
			${g&&s`<p class="error" role="alert">${g} <${d} kind="link" busy=${l} onClick=${()=>a(r.every)}>Resume</${d}></p>`}
			${v&&s`<p class="error" role="alert">${v}</p>`}
		</div>`}var Lt="New meetings are found by the automatic sync.";function Vi(t,e=Date.now()){switch(t.status){case"off":return Lt;case"unavailable":return`Not possible on this server: Fathom can\u2019t reach it, because it has no public https address, or its operator has turned this off. ${Lt}`;case"refused":return`Fathom refused to create the webhook. Your plan or your role there may not include webhooks. ${Lt}`;case"lost":return`Fathom didn\u2019t confirm the webhook, so a new one is requested after a sync. If Fathom\u2019s settings list one that you don\u2019t need, delete it there. ${Lt}`;case"active":return Yd(t,e);default:return"The webhook is created after the next sync."}}function Yd({working:t,last_message_at:e},o){if(!e)return"The webhook is ready. No message has arrived yet.";let r=`The last message arrived ${J(e,o)}.`;return t?`Works. ${r}`:`Fathom hasn\u2019t reported the newest meetings. ${r} ${Lt}`}var Vd=["fathom.sync","fathom.webhook"];function Zi({workspace:t,onReady:e}){let{preferences:o,db:r,jobs:n}=t,i=le(o,"webhook",!0),[a,l]=$(null),{run:c,error:p}=k(async()=>l(await r.send("/api/fathom-webhook",{}))),u=o.get("webhook"),h=n.all.filter(({kind:v})=>Vd.includes(v)).map(({id:v,status:S})=>`${v} ${S}`).sort().join();y(()=>{c()},[u,h]);let f=!!(a||p);y(()=>{f&&e()},[f]);let g=i.error??p;return s`
		<div class="choices">
			<${ae} label="Let Fathom report new meetings" checked=${i.value} disabled=${!i.loaded||a?.status==="unavailable"}
				onChange=${v=>i.save(v?void 0:!1)} />
			<p class="hint" role="status">${a&&Vi(a,z(a.last_message_at))}</p>
			${g&&s`<p class="error" role="alert">${b(g)}</p>`}
		</div>`}function Ki({workspace:{preferences:t,user:e}}){let o=le(t,"my_emails",[e.email]),{error:r}=o;return s`
		<${_t} id="my-emails" label="My e-mail addresses at Fathom" entries=${o.value} disabled=${!o.loaded}
			hint="Rules for meetings “recorded by me” apply to these. Separate several by commas."
			error=${r?F(r,"value")||b(r):""}
			onSave=${n=>o.save(n.length?n:void 0)} />`}function tr({workspace:t,rule:e,onSaved:o,onCancel:r}){let{db:n}=t,i=n.collection("rules"),a=O(null),[l,c]=$(e?.deliver!==!1),p=l&&!!(t.loom||e?.options),[u,h]=$(null),f=()=>new FormData(a.current),{run:g,busy:v,error:S}=k(async()=>{let K=f(),ge={name:String(K.get("rule-name")).trim(),conditions:Go(K),deliver:l,options:un(K)};o(await(e?i.update(e.id,ge):i.create({...ge,enabled:!0})))}),{run:x,busy:w,error:L}=k(async()=>{h(null),h(await n.send("/api/rules/test",{method:"POST",body:{conditions:Go(f())}}))}),A=K=>{K.preventDefault(),g()},M=e?.conditions??{},$e=S??L;return s`
		<form class="rule-form" ref=${a} onSubmit=${A}>
			<${T} id="rule-name" label="Name" required maxlength="100" defaultValue=${e?.name??""} />
			<label class="check-box"><input type="checkbox" name="recorded_by_me" defaultChecked=${M.recorded_by_me} /> Recorded by me</label>
			${Object.entries(uo).map(([K,ge])=>s`
				<${T} key=${K} id=${K} label=${ge} autocomplete="off"
					defaultValue=${(M[K]??[]).join(", ")} hint="Separate several by commas; one of them is enough." />`)}
			<div class="field">
				<label for="external">People from outside</label>
				<select id="external" name="external">
					<option value="any">Doesn’t matter</option>
					<option value="only" selected=${M.external==="only"}>Took part</option>
					<option value="none" selected=${M.external==="none"}>Did not take part</option>
				</select>
			</div>
			<${T} id="min_minutes" label="Minutes, at least" type="number" min="0" max="1440" defaultValue=${M.min_minutes??""} />
			<div class="field">
				<label for="deliver">What to do</label>
				<select id="deliver" value=${String(l)} onChange=${K=>c(K.currentTarget.value==="true")}>
					<option value="true">Upload to Loom</option>
					<option value="false">Only keep a copy here</option>
				</select>
			</div>
			${p&&s`
				<${Wt} id="visibility" label="Who can watch it at Loom" initial=${e?.options?.visibility} usual="As chosen for all uploads" />
				<${Yt} workspace=${t} id="folder" label="Folder at Loom" initial=${e?.options?.folder} usual="As chosen for all uploads" />`}
			${$e&&s`<${m}>${b($e)}</${m}>`}
			<div class="actions">
				<${d} type="submit" busy=${v}>Save rule</${d}>
				<${d} kind="quiet" busy=${w} onClick=${x}>Show matching meetings</${d}>
				<${d} kind="quiet" onClick=${r}>Cancel</${d}>
			</div>
			${u&&s`<${Zd} test=${u} />`}
		</form>`}function Zd({test:{matched:t,meetings:e}}){let o=e??[];return s`
		<div role="status">
			<p>${_(t,"meeting matches","meetings match")}. The rule applies to meetings that are added from now on.</p>
			<ul class="notices">${o.map(({meeting:r,title:n,recorded_at:i})=>s`
				<li key=${r}><a dir="auto" href=${V(r)}>${n||"Untitled meeting"}</a> <span class="muted">${pe(i)}</span></li>`)}</ul>
			${t>o.length&&s`<p class="muted">The newest ${o.length} are shown.</p>`}
		</div>`}function Qi({workspace:t}){let{db:e,streams:o}=t,r=e.collection("rules"),n=Q(()=>new ot(o.database,"rules",()=>r.getFullList({sort:"created,id"})),[]),[i,a]=$(null);y(()=>(n.start(),()=>n.stop()),[n]);let l=p=>{n.put(p),a(null)},c=[...n.records.value.values()].sort((p,u)=>p.created.localeCompare(u.created));return s`
		<section class="card" aria-labelledby="rules-heading">
			<div class="card-head"><h2 id="rules-heading">Automatic copies</h2></div>
			<p>New meetings that match a rule are copied without a click. The first rule that matches decides.</p>
			${n.error.value&&s`<${m}>${n.error.value}</${m}>`}
			${c.length>0&&s`
				<ul class="rules">
					${c.map(p=>s`
						<li key=${p.id}>
							${i===p.id?s`<${tr} workspace=${t} rule=${p} onSaved=${l} onCancel=${()=>a(null)} />`:s`<${Kd} workspace=${t} rules=${n} collection=${r} rule=${p} onEdit=${()=>a(p.id)} />`}
						</li>`)}
				</ul>`}
			${i===""?s`<${tr} workspace=${t} onSaved=${l} onCancel=${()=>a(null)} />`:s`<${d} kind="quiet" disabled=${!n.loaded.value} onClick=${()=>a("")}>Add rule</${d}>`}
			<${Ki} workspace=${t} />
		</section>`}function Kd({workspace:t,rules:e,collection:o,rule:r,onEdit:n}){let i=kn(t,!!(r.deliver&&r.options?.folder)),{run:a,busy:l,error:c}=k(async()=>e.put(await o.update(r.id,{enabled:!r.enabled}))),p=async()=>{await o.delete(r.id),e.remove(r.id)};return s`
		<p><strong>${r.name}</strong>${!r.enabled&&" (off)"}</p>
		<p class="muted">${$i(r.conditions)} → ${r.deliver?`upload to Loom${pn(r.options,u=>i.nameOf(u))}`:"only keep a copy here"}</p>
		${r.matched>0&&s`<p class="muted">${_(r.matched,"meeting")} copied.</p>`}
		${c&&s`<${m}>${b(c)}</${m}>`}
		<div class="actions">
			<${d} kind="quiet" busy=${l} aria-label=${`${r.enabled?"Turn off":"Turn on"}: ${r.name}`} onClick=${a}>${r.enabled?"Turn off":"Turn on"}</${d}>
			<${d} kind="quiet" aria-label=${`Edit: ${r.name}`} onClick=${n}>Edit</${d}>
			<${P} label="Delete rule" subject=${r.name} question=${`Delete the rule \u201C${r.name}\u201D? What it has copied is kept.`} action=${p} />
		</div>`}function Gi({workspace:t}){let[e,o]=$(!1);return s`
		<section class="card" aria-labelledby="new-meetings-heading">
			<h2 id="new-meetings-heading">New meetings</h2>
			${t.fathom?s`<${Yi} workspace=${t} /><${Zi} workspace=${t} onReady=${()=>o(!0)} />`:s`<p>Save your Fathom API key first. <a href=${G("fathom")}>Connect Fathom</a></p>`}
		</section>
		${t.fathom&&e&&s`<${Qi} workspace=${t} />`}`}var or={"transfer.failed":"A copy or an upload fails","transfer.refetch_failed":"A file could not be fetched again","transfer.your_turn":"A recording is ready for Loom","link.mismatch":"A Loom link leads to another video","sync.failed":"A sync fails","key.refused":"Fathom refuses the key","schedule.stopped":"A schedule stops","webhook.lost":"Fathom\u2019s webhook is lost","connection.failed":"The mail server or the connection to Loom stops working",digest:"The weekly summary"};function Ji({workspace:t}){let[e]=$(Jd);return s`<${mo} workspace=${t} provider="webhook" id="webhook" title="Webhook"
		purpose="Programs of yours can receive notifications as signed messages (Standard Webhooks)."
		summary=${o=>`Sends to ${o.url}.`}
		fields=${(o,r)=>Qd(o,r?"":e)} read=${Gd} />`}function Qd(t,e){let o=t.events?.length?t.events:Object.keys(or);return s`
		<${T} id="webhook-url" label="Address" type="url" defaultValue=${t.url??""} placeholder="https://hooks.example.com/" required autocomplete="off" spellcheck=${!1} />
		<${T} id="webhook-secret" label="Signing secret" defaultValue=${e} required=${!!e} autocomplete="off" spellcheck=${!1}
			hint=${e?"Copy it to the receiver now; it is not shown again.":"Leave it blank to keep the saved one."} />
		<fieldset class="choices">
			<legend>Events</legend>
			${Object.entries(or).map(([r,n])=>s`
				<label class="check-box" key=${r}><input type="checkbox" name="webhook-event" value=${r} defaultChecked=${o.includes(r)} /> ${n}</label>`)}
		</fieldset>`}function Gd(t){let e=String(t.get("webhook-secret")??"").trim(),o=t.getAll("webhook-event").map(String);return{settings:{url:String(t.get("webhook-url")??"").trim(),events:o.length===Object.keys(or).length?[]:o},...e&&{secret:e}}}function Jd(){return`whsec_${btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32))))}`}function Xi({workspace:t}){let{run:e,busy:o,error:r}=k(async()=>{let{path:n}=await t.db.send("/api/export",{method:"POST"});st(t.db.buildURL(n))});return s`
		<section class="card" aria-labelledby="export-heading">
			<h2 id="export-heading">Export your data</h2>
			<p>Download a zip archive with your database and all videos. PocketBase or any SQLite browser can open it. Your
			Fathom API key is not included.</p>
			<${d} kind="quiet" busy=${o} onClick=${e}><${we} />Export data</${d}>
			${r&&s`<${m}>${b(r)}</${m}>`}
		</section>`}function ea({workspace:t}){let[e,o]=$(!1),{deleteGrace:r}=W.value;return s`
		<section class="card" aria-labelledby="delete-heading">
			<h2 id="delete-heading">Delete your account</h2>
			<p>Deletes your account and all meetings and videos stored here. Nothing is deleted at Fathom or Loom.
			${r>=86400&&` The operator of this server can restore your account for ${Pt(r)}.`}</p>
			${e?s`<${Xd} email=${t.user.email} onCancel=${()=>o(!1)} />`:s`<${d} kind="quiet" onClick=${()=>o(!0)}>Delete account</${d}>`}
		</section>`}function Xd({email:t,onCancel:e}){let[o,r]=$(""),{run:n,busy:i,error:a}=k(Xr);return s`
		<form class="confirm" onSubmit=${c=>{if(c.preventDefault(),String(new FormData(c.currentTarget).get("confirm-email")).trim().toLowerCase()!==t.toLowerCase())return r("This is not the e-mail address of your account.");r(""),n()}}>
			<${T} id="confirm-email" label="Type your e-mail address to confirm" inputmode="email" autocomplete="off" spellcheck=${!1} required
				error=${o} onInput=${()=>r("")} />
			<div class="actions">
				<${d} type="submit" kind="danger" busy=${i}>Delete everything</${d}>
				<${d} kind="quiet" onClick=${e}>Cancel</${d}>
			</div>
			${a&&s`<${m}>${b(a)}</${m}>`}
		</form>`}var ta={fathom:{title:"Fathom",content:t=>s`<${ki} workspace=${t} />`},loom:{title:"Loom",content:t=>s`<${Ti} workspace=${t} /><${yi} workspace=${t} />`},automation:{title:"Automation",content:t=>s`<${Gi} workspace=${t} />`},notifications:{title:"Notifications",content:t=>s`<${Li} workspace=${t} /><${Ci} workspace=${t} /><${Ji} workspace=${t} /><${Ri} workspace=${t} />`},storage:{title:"Storage",content:t=>s`<${zi} workspace=${t} />`},security:{title:"Security",content:t=>s`<${Oi} workspace=${t} />`},tokens:{title:"API and assistants",content:()=>s`<${ui} /><${hi} />`},data:{title:"Your data",content:t=>s`<${Xi} workspace=${t} /><${ea} workspace=${t} />`},appearance:{title:"Appearance",content:()=>s`<${pi} />`}};function eu({workspace:t,section:e}){let{title:o,content:r}=ta[e],{connections:n}=t,i=O(null);return y(()=>{let a=i.current?.querySelector("[aria-current]");i.current&&a&&(i.current.scrollLeft=a.offsetLeft-(i.current.clientWidth-a.clientWidth)/2)},[e]),s`
		<div class="page settings">
			<nav aria-label="Settings" ref=${i}>
				${Object.entries(ta).map(([a,{title:l}])=>s`
					<a key=${a} href=${G(a)} aria-current=${a===e?"page":void 0}>${l}</a>`)}
			</nav>
			<div class="settings-section" key=${e}>
				<${Z} title=${o} />
				${n.error.value&&s`<${m}>${n.error.value}</${m}>`}
				${n.loaded.value?r(t):s`<${N} label="Loading settings" />`}
			</div>
		</div>`}var rr={videos:25,minutes:5},nr=t=>t.reduce((e,{size:o})=>e+o,0),oa=t=>`${_(t.length,"file")} (${j(nr(t))})`;function ra(t,{isRest:e,isAgain:o,intoFolder:r}){let n=r?"Save":"Download",i=r?" to a folder":"";return o?`${n} ${oa(t)}${i} again`:`${n} ${e?"the other ":""}${oa(t)}${e?"":i}`}function na(t,e,o){if(!t)return o?"None saved yet.":"None downloaded yet.";let r=t===e&&e>1?`All ${_(e,"file")}`:`${t} of ${_(e,"file")}`;return o?`${r} saved.`:`${t} of ${_(e,"download")} started. Your browser shows when ${e===1?"it has":"they have"} finished.`}function ho(t,e){return[t>0&&`${t} delivered`,e>0&&`${e} to look at`].filter(Boolean).join(", ")||"No links yet"}function sa(t){let e=t.filter(({duration:r})=>r>rr.minutes*60).length,o=e?e===t.length?e===1?" This one is longer.":" All of these are longer.":` ${e} of these ${e===1?"is":"are"} longer.`:"";return`Loom\u2019s Starter plan holds ${rr.videos} videos of up to ${rr.minutes} minutes each.${o}`}function sr({desk:t}){let e=t.delivered.value.filter(({recording:r})=>r);if(!e.length)return null;let o=`Delete the ${e.length===1?"copy":_(e.length,"copy","copies")} here (${j(nr(e))})`;return s`
		<${P} label=${o} confirmLabel="Delete" action=${()=>t.deleteCopies()} done="The copies here were deleted."
			question=${`${o}? The videos on Loom are kept, and so are the summaries and transcripts.`} />`}var tu=25,ou={saved:Ge,started:we},ru=Ie({status:"delivered"},void 0);function fo({desk:t,onDownload:e}){let[o,r]=$(!1),n=t.items.value,i=o?n:n.slice(0,tu);return s`
		<ul class="desk-files">
			${i.map(a=>s`<${nu} key=${a.id} desk=${t} item=${a} onDownload=${e} />`)}
		</ul>
		${i.length<n.length&&s`<${d} kind="quiet" onClick=${()=>r(!0)}>Show all ${_(n.length,"file")}</${d}>`}`}function nu({desk:t,item:e,onDownload:o}){let r=t.saved.stateOf(e),n=t.saving.files.value.get(e.id);return s`
		<li class="desk-file">
			<span class=${`desk-tick ${r}`} aria-hidden="true">${r&&s`<${ou[r]} />`}</span>
			<div class="desk-name">
				<a dir="auto" href=${V(e.meeting)}>${e.title}</a>
				<p class="file-name" dir="auto">${e.fileName}</p>
				${e.note&&s`<p class="muted">${e.note}</p>`}
				${n?.error&&s`<p class="error">${n.error}</p>`}
			</div>
			<div class="desk-side">
				<p class="muted">${[Xe(e.duration),j(e.size)].filter(Boolean).join(" \xB7 ")}</p>
				<${su} item=${e} state=${r} progress=${n} onDownload=${o} />
			</div>
		</li>`}function su({item:t,state:e,progress:o,onDownload:r}){if(t.isDelivered)return s`<${Ht} state=${ru} />`;if(!t.recording)return s`<p class="muted">The copy here was deleted</p>`;switch(o?.state){case"waiting":return s`<p class="muted">Waiting</p>`;case"saving":{let n=t.size?o.bytes/t.size:0;return s`<progress aria-label=${`Saving ${t.fileName}`} max="1" value=${n} /><p class="muted">${Et(n)}</p>`}default:{let n=o?"Not saved":{saved:"Saved",started:"Download started","":""}[e];return s`
				${n&&s`<p class=${`desk-word ${o?"error":""}`}>${n}</p>`}
				${r&&s`<${d} kind="link" aria-label=${`${e?"Download again":"Download"}: ${t.title}`} onClick=${()=>r(t)}>${e?"Download again":"Download"}</${d}>`}`}}}var ia=()=>"showDirectoryPicker"in globalThis;async function aa(){try{return await globalThis.showDirectoryPicker({id:"fathom-to-loom",mode:"readwrite",startIn:"downloads"})}catch(t){if(t?.name==="AbortError")return null;throw t}}async function la(t,{name:e,size:o},r,{signal:n,onBytes:i}){let a=await iu(t,e);if(a===o)return;if(a)throw new Error(`Another file named \u201C${e}\u201D is in this folder. Move it away, or choose another folder.`);n.throwIfAborted();let l=await r(),c=!1;try{let p=await t.getFileHandle(e,{create:!0}),u=await p.createWritable();await l.pipeThrough(au(i)).pipeTo(u,{signal:n});let h=(await p.getFile()).size;if(h!==o)throw new Error(`Only ${h} of ${o} bytes of \u201C${e}\u201D arrived. Try again.`);c=!0}finally{c||(l.cancel().catch(()=>{}),await t.removeEntry(e).catch(()=>{}))}}async function iu(t,e){try{return(await(await t.getFileHandle(e)).getFile()).size}catch(o){switch(o?.name){case"NotFoundError":return 0;case"TypeError":throw new Error(`Your browser doesn\u2019t allow the file name \u201C${e}\u201D. Download the file on the page of its meeting.`,{cause:o});default:throw o}}}function au(t){let e=0;return new TransformStream({transform(o,r){e+=o.byteLength,t(e),r.enqueue(o)}})}var ca=t=>["TypeError","NetworkError","QuotaExceededError"].includes(t?.name)||t?.status===0||ir(t),ir=t=>["NotAllowedError","SecurityError","NotFoundError"].includes(t?.name);function ar(t){switch(t?.name){case"TypeError":case"NetworkError":return"The connection to the server was lost. What is saved stays; save the others when you are online again.";case"QuotaExceededError":return"The disk is full. Make room, then save the others.";case"NotAllowedError":case"SecurityError":return"Your browser doesn\u2019t allow writing to this folder. Choose another one.";case"NotFoundError":return"The folder is no longer there. Choose another one.";default:return""}}var ce=({number:t,title:e,children:o})=>s`
	<section class="card desk-step" aria-labelledby=${`step-${t}`}>
		<h2 id=${`step-${t}`}><span class="desk-number" aria-hidden="true">${t}</span>${e}</h2>
		${o}
	</section>`;function da({desk:t}){let{saving:e,saved:o}=t,r=ia(),n=t.waiting.value.filter(({recording:f})=>f),i=n.filter(f=>!o.stateOf(f)),a=i.length>0&&i.length<n.length,{run:l,error:c}=k(async(f,g)=>{if(!r)return e.download(f);let v=g??await aa();v&&await e.saveIn(v,f)}),p=e.running.value,u=i.length?i:n,h=a?e.folder:null;return s`
		<${ce} number=${1} title="Get the files">
			<p class="muted">${r?"They are written to a folder that you choose. What is in it already is not fetched again.":"Your browser downloads them one after another. It may ask whether this page may download several files."}</p>
			${n.length>0&&s`
				<div class="actions">
					<${d} kind=${i.length?"primary":"quiet"} busy=${p} onClick=${()=>l(u,h)}>
						<${we} />${p?r?"Saving\u2026":"Starting downloads\u2026":ra(u,{isRest:a,isAgain:!i.length,intoFolder:r})}
					</${d}>
					${p&&s`<${d} kind="quiet" onClick=${()=>e.cancel()}>Cancel</${d}>`}
					${!p&&h&&s`<${d} kind="quiet" onClick=${()=>l(u,null)}>Choose another folder</${d}>`}
				</div>`}
			<div class="desk-status">
				${p?s`<${lu} desk=${t} />`:s`<p class=${i.length<n.length?"":"muted"}>${n.length>0&&na(n.length-i.length,n.length,r)}</p>`}
			</div>
			${e.problem.value&&s`<${m}>${e.problem.value}</${m}>`}
			${c&&s`<${m}>${b(c)}</${m}>`}
			<${fo} desk=${t} onDownload=${r?void 0:f=>l([f],null)} />
		</${ce}>`}function lu({desk:{saving:t}}){let{files:e,...o}=t.total.value,r=[...t.files.value.values()].filter(({state:n})=>n!=="failed").length;return s`
		<div class="transfer-progress">
			<progress aria-label="All files" max="1" value=${o.total?o.done/o.total:0} />
			<p class="muted">${e-r} of ${_(e,"file")} · ${an(o,t.rate(nn()))}</p>
		</div>`}var cu=["validation_link_private","validation_link_unreachable","validation_link_no_meeting"],ua=({found:t,code:e})=>!!t||cu.includes(e),lr=({code:t})=>t==="validation_link_private"||t==="validation_link_unreachable",$o=class{open=I([]);busy=I(0);#e;#r;constructor(e,o){this.#e=e,this.#r=o}async find(e){this.busy.value++;try{let{matched:o,doubtful:r,unknown:n}=await this.#e.send("/api/share-links",{method:"POST",body:{text:e}});for(let{transfer:a,url:l}of o)this.#r(a,l);let i=new Set([o,r,n].flat().map(({url:a})=>a));return this.open.value=[...this.open.value.filter(({url:a})=>!i.has(a)),...r.map(a=>({...a,code:"",message:""})),...n.map(a=>({...a,candidates:[]}))],o}finally{this.busy.value--}}async assign(e,o){await this.#e.collection("transfers").update(o,{share_url:e,confirmed:!0}),this.#r(o,e),this.dismiss(e)}dismiss(e){this.open.value=this.open.value.filter(o=>o.url!==e)}};function pa({desk:t,link:e}){let{links:o}=t,r=t.waiting.value,{run:n,busy:i,error:a}=k(u=>o.assign(e.url,u),"Link saved. The video is on Loom."),l=k(()=>o.find(e.url)),c=e.candidates.filter(({transfer:u})=>r.some(({id:h})=>h===u)),p=r.filter(({id:u})=>!c.some(({transfer:h})=>h===u));return s`
		<li class="open-link">
			<${pu} url=${e.url} />
			${e.found?s`
					<div class="pair">
						<div>
							<p class="hint">At Loom</p>
							<p dir="auto">${cr(e.found.title||"Untitled",e.found.duration)}</p>
						</div>
						<div>
							<p class="hint">Here</p>
							<ul>${c.map(({transfer:u,title:h,recorded_at:f,duration:g,agrees:v})=>s`
								<${du} key=${u} choice=${{transfer:u,title:h,recordedAt:f,duration:g,agrees:v}} busy=${i} onChoose=${()=>n(u)} />`)}</ul>
						</div>
					</div>`:s`<p>${e.message}</p>`}
			${ua(e)&&p.length>0&&s`<${uu} id=${e.url.slice(-32)} items=${p} isFirst=${!c.length} label=${lr(e)?"Save without a check":"It\u2019s this one"}
				busy=${i} onChoose=${n} />`}
			${(a||l.error)&&s`<${m}>${b(a||l.error)}</${m}>`}
			<div class="actions">
				${lr(e)&&s`<${d} kind="quiet small" busy=${l.busy} onClick=${l.run}>${l.busy?"Asking Loom\u2026":"Check again"}</${d}>`}
				<${d} kind="quiet small" onClick=${()=>o.dismiss(e.url)}>Remove this link</${d}>
			</div>
		</li>`}function du({choice:t,busy:e,onChoose:o}){let{title:r,recordedAt:n,duration:i,agrees:a}=t,l=`${pe(n)}, ${Se(n)}`;return s`
		<li>
			<div>
				<p dir="auto">${cr(r||"Untitled meeting",i)}</p>
				<p class="hint">${[l,mu(a??[])].filter(Boolean).join(" \xB7 ")}</p>
			</div>
			<${d} kind="quiet small" busy=${e} aria-label=${`It\u2019s this one: ${r}, ${l}`} onClick=${o}>It’s this one</${d}>
		</li>`}function uu({id:t,items:e,isFirst:o,label:r,busy:n,onChoose:i}){let[a,l]=$(""),c=`meeting-of-${t}`;return s`
		<div class="desk-others">
			<label for=${c}>${o?"Its meeting":"Another meeting"}</label>
			<div>
				<select id=${c} value=${a} onChange=${p=>l(p.currentTarget.value)}>
					<option value="">Choose a meeting</option>
					${e.map(({id:p,title:u,recordedAt:h,duration:f})=>s`<option key=${p} value=${p}>${`${cr(u,f)} \xB7 ${pe(h)}`}</option>`)}
				</select>
				<${d} kind="quiet small" busy=${n} disabled=${!a} onClick=${()=>i(a)}>${r}</${d}>
			</div>
		</div>`}function pu({url:t}){let e=X(t);return s`<p class="url">${e?s`<${R} href=${e}>${t}</${R}>`:t}</p>`}var cr=(t,e)=>[t,Xe(e)].filter(Boolean).join(" \xB7 ");function mu(t){return t.length===2?"title and length agree":t.length?`only the ${t[0]} agrees`:""}var dr=5;function ur({desk:t,children:e}){let{links:o}=t,r=O(null),n=O(null),[i,a]=$(null),l=async h=>{try{let f=await o.find(h);r.current?.value===h&&(r.current.value=""),f.length&&Te(`${_(f.length,"link")} saved.`),a({matched:f,error:null})}catch(f){r.current&&(r.current.value=h),a({matched:[],error:f})}};y(()=>{i?.error?r.current?.select():i&&n.current?.focus()},[i]),y(()=>{let h=f=>{let g=f.clipboardData?.getData("text/plain").trim();!g||f.target.closest?.("input, textarea, select, [contenteditable]")||(f.preventDefault(),l(g))};return document.addEventListener("paste",h),()=>document.removeEventListener("paste",h)},[]);let c=h=>{h.preventDefault(),r.current&&l(r.current.value)},p=o.busy.value>0,u=i?.error?b(i.error):"";return s`
		<${ce} number=${3} title="Paste the links">
			<form class="desk-form" onSubmit=${c}>
				<label for="share-links">Loom links, any number in any order</label>
				<textarea id="share-links" name="share-links" ref=${r} rows="3" required spellcheck=${!1} placeholder="https://www.loom.com/share/…"
					aria-invalid=${u?"true":void 0} aria-describedby=${u?"share-links-error":"share-links-hint"}
					onPaste=${()=>setTimeout(()=>r.current?.value&&l(r.current.value))} />
				${u&&s`<p class="error" id="share-links-error" role="alert">${u}</p>`}
				<p class="hint" id="share-links-hint">You can also paste anywhere on this page. Each link finds its meeting by title and length.</p>
				<${d} type="submit" kind="quiet" busy=${p}>${p?"Asking Loom\u2026":"Find their meetings"}</${d}>
			</form>
			<${hu} desk=${t} matched=${i?.matched??[]} heading=${n} isShown=${!!(i&&!i.error)} />
			${e}
		</${ce}>`}function hu({desk:t,matched:e,heading:o,isShown:r}){let n=t.links.open.value,i=t.delivered.value.length;return!r&&!n.length&&!i?null:s`
		<div class="desk-result">
			<h3 tabindex="-1" ref=${o}>${ho(i,n.length)}</h3>
			${e.length>0&&s`<p>On Loom now: ${e.slice(0,dr).map(({transfer:a,meeting:l,title:c},p)=>s`${p>0&&", "}<a key=${a} dir="auto" href=${V(l)}>${c||"Untitled meeting"}</a>`)}${e.length>dr&&` and ${e.length-dr} more`}.</p>`}
			${n.length>0&&s`<ul class="open-links">${n.map(a=>s`<${pa} key=${a.url} desk=${t} link=${a} />`)}</ul>`}
		</div>`}function ma({desk:t}){let e=t.waiting.value,o=e.length===1,r=e.every(n=>t.saved.stateOf(n));return s`
		<${ce} number=${2} title="Drop them at Loom">
			<p>In your Loom library, select <strong>New video</strong>, then <strong>Upload a video</strong>, and choose the ${o?"file":"files"}${" "}
				listed in step 1. Keep ${o?"its name":"their names"}: the ${o?"link finds its meeting":"links find their meetings"} by ${o?"it":"them"}.</p>
			<${R} class=${`button ${r?"primary":"quiet"}`} href=${W.value.loomUploadURL}>Open Loom</${R}>
			<p class="muted">${sa(e)} Anyone with the link must be able to view a video: otherwise this server can’t check it.</p>
		</${ce}>`}var fu=1e3,$u=100,gu="The copy is no longer here. Open the meeting and copy it again.",go=class{files=I(new Map);running=I(!1);problem=I("");total=I({done:0,total:0,files:0});#e;#r;#t=new AbortController;#o=null;#s=[];constructor(e,o){this.#e=e,this.#r=o}get folder(){return this.#o}rate(e){return Zr(this.#s,e)}cancel(){this.#t.abort()}async saveIn(e,o){this.#o=e,await this.#n(o,"All files are saved.",async r=>{let{signal:n}=this.#t,i=this.total.value.done,a=0;await la(e,{name:r.fileName,size:r.size},()=>this.#i(r,n),{signal:n,onBytes:l=>{let c=Date.now();c-a<$u||(a=c,this.#a(r,{state:"saving",bytes:l,error:""}),this.#l(i+l))}}),this.#l(i+r.size),this.#e.add(r,"saved")})}async download(e){await this.#n(e,"All downloads have started.",async(o,r)=>{st(await this.#r(o,{download:!0,proxy:!1}),o.fileName),this.#e.add(o,"started"),this.#l(this.total.value.done+o.size),r||await ku(fu,this.#t.signal)})}async#n(e,o,r){if(this.running.value)return;this.#t=new AbortController,this.#s=[],this.running.value=!0,this.problem.value="",this.files.value=new Map(e.map(({id:i})=>[i,{state:"waiting",bytes:0,error:""}])),this.total.value={done:0,total:e.reduce((i,{size:a})=>i+a,0),files:e.length};let n=0;addEventListener("beforeunload",ha);try{for(let[i,a]of e.entries()){this.#t.signal.throwIfAborted(),this.#a(a,{state:"saving",bytes:0,error:""});try{await r(a,i===e.length-1),this.#a(a,void 0)}catch(l){if(this.#t.signal.aborted||ca(l))throw l;this.#a(a,{state:"failed",bytes:0,error:ar(l)||E(l)}),n++}}Te(n?`${_(n,"file")} could not be saved.`:o)}catch(i){ir(i)&&(this.#o=null),this.problem.value=this.#t.signal.aborted?"":ar(i)||E(i),this.#t.signal.aborted&&Te("Saving was cancelled.")}finally{this.files.value=new Map([...this.files.value].filter(([,{state:i}])=>i==="failed")),this.running.value=!1,removeEventListener("beforeunload",ha)}}async#i(e,o){let r=await fetch(await this.#r(e,{download:!1,proxy:!0}),{signal:o});if(r.status===404)throw new Error(gu);if(!r.ok||!r.body)throw new Error("The server could not send this file. Try again.");return r.body}#a({id:e},o){let r=new Map(this.files.value);o?r.set(e,o):r.delete(e),this.files.value=r}#l(e){let o=Date.now();this.#s=Vr(this.#s,{at:o,bytes:e,seen:o}),this.total.value={...this.total.value,done:e}}},ha=t=>t.preventDefault(),ku=(t,e)=>new Promise((o,r)=>{let n=setTimeout(o,t);e.addEventListener("abort",()=>{clearTimeout(n),r(e.reason)},{once:!0})});var bu=200,yu=50,vu="meeting.recordings_via_meeting",wu=["id","file","size","collectionId","collectionName"].map(t=>`expand.meeting.expand.recordings_via_meeting.${t}`),xu=["id","recording_id","meeting","file_name","bytes_total","note","updated","expand.meeting.title","expand.meeting.recorded_at","expand.meeting.duration",...wu].join(),ko=class{loaded=I(!1);error=I("");#e;#r;#t=I(new Map);#o=I(new Set);#s=null;constructor({db:e,waiting:o}){this.#e=e,this.#r=o,this.saved=new Lr(e.name),this.saving=new go(this.saved,(r,n)=>io(e,r.recording,n)),this.links=new $o(e,r=>this.#i(r)),o.onDelivered=({id:r})=>this.#i(r),this.items=mt(()=>{let r=new Set(o.items.value.map(({id:n})=>n));return[...this.#t.value.values()].map(n=>({...n,isDelivered:this.#o.value.has(n.id)})).filter(({id:n,isDelivered:i})=>i||r.has(n)).sort((n,i)=>i.recordedAt.localeCompare(n.recordedAt))}),this.waiting=mt(()=>this.items.value.filter(({isDelivered:r})=>!r)),this.delivered=mt(()=>this.items.value.filter(({isDelivered:r})=>r)),this.missing=mt(()=>o.items.value.filter(({id:r,updated:n})=>(this.#t.value.get(r)?.updated??"")<n).map(({id:r})=>r))}stop(){this.saving.cancel(),this.#r.onDelivered=()=>{}}async load(){this.#s??=this.#n().finally(()=>{this.#s=null}),await this.#s}async#n(){this.error.value="";let e=this.missing.value;try{let o=e.length>yu?Kr:e.map(n=>this.#e.filter("id = {:id}",{id:n})).join(" || "),r=e.length?await jr(this.#e.collection("transfers"),bu,{filter:o,expand:vu,fields:xu}):[];this.#t.value=new Map([...this.#t.value,...r.map(n=>[n.id,Su(n)])]),this.#o.value=new Set([...this.#o.value].filter(n=>!e.includes(n))),this.saved.keepOnly(this.items.value.map(({recordingID:n})=>n)),this.loaded.value=!0}catch(o){this.error.value=E(o)}}async deleteCopies(){for(let{id:e,recording:o}of this.delivered.value){if(!o)continue;try{await this.#e.collection("recordings").delete(o.id)}catch(n){if(ie(n)!==404)throw n}let r=this.#t.value.get(e);r&&(this.#t.value=new Map(this.#t.value).set(e,{...r,recording:null}))}}#i(e){this.#t.value.has(e)&&(this.#o.value=new Set(this.#o.value).add(e))}};function Su({id:t,recording_id:e,meeting:o,file_name:r,bytes_total:n,note:i,updated:a,expand:{meeting:{title:l,recorded_at:c,duration:p,expand:u}}}){let h=u?.recordings_via_meeting?.find(({file:f})=>f)??null;return{id:t,recordingID:e,meeting:o,title:l||"Untitled meeting",recordedAt:c,duration:p,fileName:r,size:h?.size??n,note:i,updated:a,recording:h}}function Tu({workspace:t}){t.desk??=new ko(t);let{desk:e,waiting:o,connections:r}=t,n=e.missing.value.length;y(()=>{o.loaded.value&&(n>0||!e.loaded.value)&&e.load()},[o.loaded.value,n]);let i=o.loaded.value&&e.loaded.value&&r.loaded.value,a=o.error.value||e.error.value||r.error.value;return s`
		<div class="page">
			<${Z} title="To upload" />
			${a&&s`<${m}>${a} <${d} kind="link" onClick=${()=>{o.reload(),r.reload(),e.load()}}>Try again</${d}></${m}>`}
			${!i&&!a&&s`<${N} label="Loading what waits" />`}
			${i&&s`<${Cu} workspace=${t} desk=${e} />`}
		</div>`}function Cu({workspace:t,desk:e}){return ke(t.loom)?s`<${_u} workspace=${t} desk=${e} />`:!e.items.value.length&&!e.links.open.value.length?s`<${fa} />`:s`
		<p class="lead">These meetings are copied, and it’s your turn: upload their files to Loom, and paste the links that Loom gives you.</p>
		<div class="desk">
			<${da} desk=${e} />
			<div class="desk-rest">
				<${ma} desk=${e} />
				${Ft(t.loomReader)?s`<${Au} desk=${e} />`:s`<${ur} desk=${e}><${sr} desk=${e} /></${ur}>`}
			</div>
		</div>`}function Au({desk:t}){let e=t.delivered.value.length;return s`
		<${ce} number=${3} title="Nothing to paste">
			<p>This server asks Loom for your new videos and finds their meetings by title and length. If it has doubts about one, it says so in the list, and you
				paste the link on the page of the meeting.</p>
			${e>0&&s`<h3>${ho(e,0)}</h3>`}
			<${sr} desk=${t} />
		</${ce}>`}var _u=({workspace:t,desk:e})=>s`
	<p class="lead">This server uploads your recordings to Loom. What waits for you has its steps on the page of its meeting.</p>
	<${po} workspace=${t} id="waiting" />
	${e.items.value.length?s`<section class="card desk-step" aria-label="Recordings"><${fo} desk=${e} /></section>`:s`<${fa} />`}`,fa=()=>s`
	<section class="empty">
		<h2>Nothing to upload</h2>
		<p>When a copy is ready for you to upload to Loom, it appears here.</p>
		<a class="button quiet" href=${U("/")}>Show meetings</a>
	</section>`;function Lu({token:t}){let[e,o]=$(!1),r=Re(t,"email"),{run:n,error:i}=k(async()=>{await Dn(t),o(!0)});return y(()=>{r&&n()},[]),r?e?s`
			<${H} key="done" title="Your address is confirmed">
				<p>Thank you. <strong>${r}</strong> is yours.</p>
				<p><a class="button primary" href=${U("/")}>Continue</a></p>
			</${H}>`:s`
		<${H} title="Confirm your address">
			${!i&&s`<${N} label=${`Confirming ${r}`} />`}
			${_e(i)&&s`<${m}>${_e(i)}</${m}><${rt} email=${r} label="Send another link" />`}
			${i&&!_e(i)&&s`<${m}>${E(i)} <${d} kind="link" onClick=${n}>Try again</${d}></${m}>`}
		</${H}>`:s`<${H} title="Confirm your address"><${m}>This link is incomplete. Open it again from the message, or copy all of it.</${m}></${H}>`}export{Pa as ActivityPage,Oa as AtlassianCallbackPage,Ma as AuthorizePage,za as ConfirmEmailPage,Ua as ForgotPasswordPage,Ha as HelpPage,Nc as MeetingPage,Wc as ResetPasswordPage,Vc as SearchPage,eu as SettingsPage,Tu as UploadPage,Lu as VerifyEmailPage};

import{$ as _r,$c as Kt,Ab as en,Ac as wn,B as Ar,Bb as _e,Bc as Pe,C as X,Cb as Ut,Cc as xn,Db as bt,Dc as Ht,E as ce,Ea as qo,Eb as Ie,Ec as Wt,Fb as Oe,Fc as Yt,G as Lr,Gb as Er,H as So,Ha as M,Hb as tn,I as Qe,Ib as ot,Ic as Sn,J as Ge,Ja as Ce,Jb as rn,Jc as Tn,K as To,Kc as Cn,L as Co,La as me,Lc as An,M as we,Ma as F,Mc as Ln,N as Ao,Na as R,Nc as it,O as Lo,Oa as b,Oc as qe,Pa as No,Pb as on,Pc as _n,Q as _o,Qa as Ae,Qb as nn,R as Ro,Ra as It,Rb as sn,Rc as Rn,Sa as zo,Sb as an,Sc as re,T as Et,Ta as m,Tb as Y,Tc as Vt,U as pe,Ub as ln,Uc as Pn,V as xe,Va as W,Vb as cn,Vc as En,W as Po,Wa as q,Wb as dn,Wc as at,X as $t,Xa as Uo,Xb as un,Xc as Dn,Y as Dt,Ya as jo,Yb as jt,Yc as Zt,Z as Eo,Za as Ho,Zc as Fn,_ as Xe,_a as N,_c as E,a as I,aa as gt,ac as pn,ad as Dr,ba as Do,bb as Wo,bd as Fr,c as $,ca as Fo,cb as ee,cd as Bn,d as v,db as kt,dd as Qt,e as ye,ea as Bo,eb as Yo,ec as mn,ed as Gt,f as U,fa as Io,fb as Ot,fc as hn,fd as ke,g as K,gd as In,h as le,ha as Rr,hd as On,i as yo,ia as de,ib as Le,id as Mn,j as O,ja as Oo,jb as Vo,k as ht,ka as Se,kc as fn,la as Te,lc as $n,m as s,mc as k,n as u,na as J,nb as Pr,nc as nt,o as ve,oa as Mo,ob as ge,oc as st,p as vo,pa as Je,pb as Mt,pc as Re,q as wo,qa as et,qb as qt,qc as gn,r as xo,ra as te,rb as Zo,rc as kn,s as Cr,sa as Ft,sb as Ko,sc as A,t as ft,ta as H,tb as Qo,tc as bn,ua as Bt,ub as Go,uc as Me,va as tt,vb as Xo,vc as yn,wb as Jo,x as j,xa as C,xb as Nt,xc as vn,y as Q,yb as rt,yc as z,z as Ke,zb as zt,zc as P}from"./chunk-2TKESNKW.js";function qn({kind:t,payload:e},r){return t==="fathom.sync"?{title:e?.full?"Sync all meetings":"Sync meetings"}:t==="recordings.expire"?{title:"Delete videos that are no longer kept"}:t==="fathom.webhook"?{title:"Update the webhook at Fathom"}:t==="loom.find_videos"?{title:"Look for your uploads at Loom"}:t==="notice.send"?{title:"Send notifications"}:t==="fathom.parts"&&!e?.recording_id?{title:"Copy summaries and transcripts"}:t==="fathom.parts"?{title:`Copy summary and transcript: ${r?.title||`recording ${e.recording_id}`}`,...r&&{href:Q(r.id)}}:t!=="recording.transfer"?{title:t}:r?{title:M(r.title),href:Q(r.id)}:{title:`Recording ${e?.recording_id}`}}var Da=Oe("Running","moving","copy"),Fa=Oe("Waiting","waiting","clock"),Ba=Oe("Done","good","check"),Ia=Oe("Copied","kept","box"),Oa=Oe("Problem","bad","alert"),Ma=Oe("Cancelled","plain","cross");function Nn(t,e,r=""){switch(t.status){case"dead":return{...Oa,detail:t.error};case"cancelled":return Ma;case"completed":return t.kind==="recording.transfer"?qa(t,e):Ba}if(t.kind==="recording.transfer")return Ie(e?.job===t.id?e:void 0,t,r);let o=[t.stage&&Na(t.stage),r].filter(Boolean).join(" ");return{...t.status==="processing"?Da:Fa,detail:o}}function qa(t,e){let r=e?.job===t.id,o=e&&["delivered","stored","awaiting_share_url"].includes(e.status);return r||o?Ie(e,t):Ia}var Na=t=>`${t.replace(/^./,e=>e.toUpperCase())}.`,zn=(t,e=Date.now())=>t.finished_at?`Ended ${J(t.finished_at,e)}.`:"",Un=t=>(t??[]).filter(({outcome:e})=>!["snoozed","held","released"].includes(e));var za={completed:"Completed",failed:"Failed",dead:"Failed permanently",cancelled:"Cancelled",interrupted:"Interrupted by a server crash"};function jn({attempts:t}){return t.length?s`
		<details>
			<summary>${C(t.length,"attempt")}</summary>
			<ol class="attempts">
				${t.toReversed().map(e=>s`
					<li key=${e.started}>
						<p class="muted">${de(e.started)}, ${Te(e.started)} · ${Ua(e)}</p>
						<p>${za[e.outcome]??e.outcome}.${e.error&&` ${e.error}`}</p>
					</li>`)}
			</ol>
		</details>`:null}function Ua({started:t,ended:e}){let r=(Number(Rr(e))-Number(Rr(t)))/1e3;return Je(Math.ceil(r))||"less than 1 s"}function yt({workspace:t,job:e,cause:r}){let{jobs:o}=t,{title:n,href:i}=qn(e,t.lookup.get(e.payload?.recording_id)),a=e.kind==="recording.transfer"?t.transferOf(e.payload?.recording_id):void 0,l=z(e.finished_at,...Nt(e,o)),c=Nn(e,a,Jo(e,o,l)),p=ve(e)&&c.phase==="running";return s`
		<li class="row job" data-job=${e.id} data-keep=${`job ${e.id}`}>
			<div class="row-main">
				<div class="job-head">
					<h3 dir="auto">${i?s`<a href=${i}>${n}</a>`:n}</h3>
					${r===void 0&&s`<${Vt} state=${c} href=${c.phase==="upload"?i:void 0} />`}
				</div>
				<p class="hidden" aria-live="polite">${`${n}: ${c.word}`}</p>
				${p&&s`
					<${Yt} titles=${zt(a,e)} step=${c.step??0} />
					<${Ht} workspace=${t} transferID=${a?.id??""} state=${c} name=${`Progress of ${n}`} />`}
				${!p&&ve(e)&&s`<p class="muted">${c.detail}</p>`}
				${!p&&!ve(e)&&s`<p class="muted">${zn(e,l)}</p>`}
				${!p&&e.status==="processing"&&s`<progress aria-label=${`Progress of ${n}`} max="1" value=${e.progress||void 0} />`}
				${r!==void 0&&!e.error.startsWith(r)&&s`<p class="error">${e.error}</p>`}
				<${jn} attempts=${Un(e.history)} />
			</div>
			<div class="row-side"><${Wt} kind="quiet small" jobs=${o} job=${e} title=${n} /></div>
		</li>`}var ja=3;function Hn({workspace:t,problem:{cause:e,jobs:r,fix:o,isHopeless:n}}){let[i,a]=$(!1),[l,c]=$(0),{run:p,busy:d,error:h}=k(async()=>c((await t.jobs.retryAll(r)).skipped),"It starts again."),f=i?r:r.slice(0,ja);return s`
		<section class="card problem">
			<h2 dir="auto">${e}</h2>
			${(o||r.length>1)&&s`<div class="actions">
				${o&&s`<a class="button primary" href=${X(o.section)}>${o.label}</a>`}
				${r.length>1&&s`<${u} kind=${o||n?"quiet":"primary"} busy=${d} onClick=${p}>Retry all ${r.length}</${u}>`}
			</div>`}
			${n&&!o&&s`<p class="hint">A retry helps only if something has changed since.</p>`}
			${l>0&&s`<p class="hint" role="status">Skipped ${C(l,"job")}, because the same work is already waiting or running.</p>`}
			${h&&s`<${m}>${b(h)}</${m}>`}
			<ul class="rows">${f.map(g=>s`<${yt} key=${g.id} workspace=${t} job=${g} cause=${e} />`)}</ul>
			${r.length>f.length&&s`<${u} kind="link" onClick=${()=>a(!0)}>Show all ${C(r.length,"job")}</${u}>`}
		</section>`}var Ha=[{matches:No,fix:{label:"Free up storage",section:"storage"}},{matches:t=>/\bAPI key\b/.test(t),fix:{label:"Check the Fathom API key",section:"fathom"}},{matches:t=>/\b(Atlassian|connect(ion)? (to )?Loom|Loom in Settings|Loom account)\b/i.test(t),fix:{label:"Check the connection to Loom",section:"loom"}}];function Wn(t){let e=new Map;for(let r of t){let o=Wa(r.error),n=o.replace(/“.*?”/g,"\u201C\u201D").replace(/\d[\d.,]*(\s(bytes|[kMGT]B))?/g,"0"),i=e.get(n);i?(i.jobs.push(r),i.isHopeless&&=bt(r)):e.set(n,{key:n,cause:o,jobs:[r],fix:Ha.find(({matches:a})=>a(o))?.fix,isHopeless:bt(r)})}return[...e.values()].sort((r,o)=>o.jobs.length-r.jobs.length)}var Wa=t=>t.replace(/ Gave up after .*$/s,"").trim()||"Something went wrong.";var Xt=50,Yn=["processing","pending","failed"],Ya={"fathom.sync":"syncs","recording.transfer":"copies"};function Va({workspace:t,query:e}){let{jobs:r}=t,o=xo(e),n=r.loaded.value,{active:i,problems:a,ended:l}=Cr(r.all,o.group);i.sort(Za(r));let c=p=>n&&(o.show==="all"||o.show===p);return s`
		<div class="page">
			<div class="page-head">
				<div><${W} title="Activity" /></div>
				<div class="actions">
					${i.length>1&&o.group==="all"&&s`
						<${E} label="Cancel all" cancelLabel="Keep them" action=${()=>r.cancelAll()}
							question=${`Cancel all ${C(i.length,"job")}? Videos that are already copied are kept.`} />`}
				</div>
			</div>
			<${Ka} filter=${o} counts=${{active:i.length,problems:a.length}} />
			<${Qa} jobs=${r} active=${i} />
			${r.error.value&&s`<${m}>${r.error.value} <${u} kind="link" onClick=${()=>r.reload()}>Try again</${u}></${m}>`}
			${!n&&!r.error.value&&s`<${q} label="Loading your activity" />`}
			${c("active")&&s`
				<section class="jobs" aria-labelledby="active-heading">
					<h2 id="active-heading" aria-live="polite">${i.length?C(i.length,"active job"):"No active jobs"}</h2>
					${i.length?s`<${Ga} workspace=${t} jobs=${i} />`:s`<p class="muted">Syncs and copies appear here.</p>`}
				</section>`}
			${c("problems")&&Wn(a).map(p=>s`<${Hn} key=${p.key} workspace=${t} problem=${p} />`)}
			${c("problems")&&!a.length&&o.show==="problems"&&s`<p class="muted">No problems.</p>`}
			${c("ended")&&s`<${Xa} key=${o.group} workspace=${t} group=${o.group} jobs=${l} isAlone=${o.show==="ended"} />`}
		</div>`}var Za=t=>(e,r)=>Yn.indexOf(e.status)-Yn.indexOf(r.status)||(t.placeOf(e).position||1/0)-(t.placeOf(r).position||1/0)||e.run_at.localeCompare(r.run_at)||e.id.localeCompare(r.id);function Ka({filter:t,counts:e}){let{show:r,group:o}=t;return s`
		<div class="filters">
			<nav class="chips" aria-label="Show">
				${Object.entries(vo).map(([n,i])=>{let a=e[n];return s`
						<a key=${n} class="chip" href=${Ar({group:o,show:n})} aria-current=${n===r?"true":void 0}>
							${i}${a>0&&s` <span class="count">${a.toLocaleString()}</span>`}
						</a>`})}
			</nav>
			<label class="hidden" for="job-group">Jobs</label>
			<select id="job-group" value=${o} onChange=${n=>ce(Ar({show:r,group:n.currentTarget.value}),{replace:!0})}>
				${Object.entries(wo).map(([n,i])=>s`<option key=${n} value=${n}>${i}</option>`)}
			</select>
		</div>`}function Qa({jobs:t,active:e}){let r=new Set(e.map(a=>a.kind).filter(a=>t.isPaused(a))),o=t.isPaused("*");if(!o&&!r.size)return null;let n=[...r].map(a=>t.pauseReason(a)).find(Boolean);if(n)return s`<${m} kind="note">${n}</${m}>`;let i=o?"the queue":[...r].map(a=>Ya[a]??a).join(" and ");return s`<${m} kind="note">The operator has paused ${i}. Running jobs will finish; waiting jobs will start when the pause ends.</${m}>`}function Ga({workspace:t,jobs:e}){let[r,o]=$(Xt);return s`
		<ul class="rows">
			${e.slice(0,r).map(n=>s`<${yt} key=${n.id} workspace=${t} job=${n} />`)}
		</ul>
		${e.length>r&&s`
			<p class="more">
				<${u} kind="quiet" onClick=${()=>o(r+Xt)}>Show more</${u}>
				<span class="muted">${r} of ${C(e.length,"job")}</span>
			</p>`}`}function Xa({workspace:t,group:e,jobs:r,isAlone:o}){let[n,i]=$(Xt),[a,l]=$(""),{run:c,busy:p,error:d}=k(async()=>{n>=r.length&&!await t.jobs.loadOlder(e)&&l(Vn(Cr(t.jobs.all,e).ended)),i(n+Xt)}),h=z(),f=!t.jobs.mayHaveOlder||a===Vn(r);return!r.length&&f?o?s`<p class="muted">Nothing has finished yet.</p>`:null:s`
		${[...Map.groupBy(r.slice(0,n),g=>Oo(g.finished_at,h))].map(([g,y])=>s`
			<section class="jobs" key=${g}>
				<h2>${g}</h2>
				<ul class="rows">${y.map(x=>s`<${yt} key=${x.id} workspace=${t} job=${x} />`)}</ul>
			</section>`)}
		${!r.length&&o&&s`<p class="muted">Nothing has finished lately.</p>`}
		${(r.length>n||!f)&&s`
			<p class="more"><${u} kind="quiet" busy=${p} onClick=${c}>Show older</${u}>${d&&s`<span class="error">${b(d)}</span>`}</p>`}`}var Vn=t=>t.at(-1)?.id??"none";function Ja({workspace:t}){let[e]=$(()=>kt.peek()),r=e?Xo(e,location):"There is no sign-in to finish.",o=k(async()=>{e&&(await Vo(t,e),kt.value=null,ce(X("loom"),{replace:!0}))}),n=k(()=>Le(t));v(()=>{r?kt.value=null:o.run()},[]);let{error:i}=o,a=i&&me(i)===0;v(()=>{i&&!a&&(kt.value=null)},[i]);let l=r||i&&b(i);return s`
		<div class="page narrow">
			<${W} title="Connect Atlassian" />
			<section class="card" aria-label="Sign-in at Atlassian">
				${!l&&s`<${q} label="Connecting Atlassian" />`}
				${l&&s`
					<${m}>${l}</${m}>
					<div class="actions">
						${a?s`<${u} onClick=${o.run}>Try again</${u}>`:s`<${u} busy=${n.busy} onClick=${n.run}>Start again</${u}>`}
						<a class="button quiet" href=${X("loom")}>Back to settings</a>
					</div>
					${n.error&&s`<${m}>${b(n.error)}</${m}>`}`}
			</section>
		</div>`}function el({query:t}){let[e,r]=$(null),{run:o,error:n}=k(async()=>r(await N.send("/api/oauth/question",{method:"POST",body:{query:t}})));return v(()=>{o()},[]),s`
		<div class="page narrow">
			<${W} title="Give an assistant access?" />
			<section class="card" aria-label="Request for access">
				${!e&&!n&&s`<${q} label="Reading the request" />`}
				${n&&s`<${tl} error=${n} onRetry=${o} />`}
				${e&&s`<${rl} question=${e} />`}
			</section>
		</div>`}function tl({error:t,onRetry:e}){let r=ee(t?.response?.return_url),o=[0,429].includes(me(t))||me(t)>=500;return s`
		<${m}>${me(t)===404?"This server doesn\u2019t let assistants ask for access.":R(t)}</${m}>
		<div class="actions">
			${o&&s`<${u} onClick=${e}>Try again</${u}>`}
			${r&&s`<${u} kind="quiet" onClick=${()=>location.replace(r)}>Return to ${new URL(r).host}</${u}>`}
			<a class="button quiet" href=${j("/")}>To your meetings</a>
		</div>`}function rl({question:t}){let{run:e,busy:r,error:o}=k(async n=>{let{redirect:i}=await N.send("/api/oauth/decision",{method:"POST",body:{decision:t.decision,allow:n}}),a=ee(i);if(!a)throw new Error("The address of the assistant is not valid");location.replace(a)});return s`
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
				<dd>Until ${Se(t.ends)}, or until you revoke it in Settings</dd></div>
		</dl>
		<${m} kind="note">This server has not verified who is asking; a name can be made up. Allow access only if you have just
			started this in an assistant that you trust${t.is_local?" on this computer":""}.</${m}>
		<div class="actions">
			<${u} busy=${r} onClick=${()=>e(!0)}>Allow</${u}>
			<${u} kind="quiet" disabled=${r} onClick=${()=>e(!1)}>Deny</${u}>
		</div>
		${o&&s`<${m}>${R(o)}</${m}>`}`}function V({title:t,children:e}){return s`
		<main class="account-card">
			<a class="brand" href=${j("/")} aria-label="Fathom-to-Loom: start"><${So} /><span>Fathom-to-Loom</span></a>
			<section class="card form-card">
				<${W} title=${t} />
				${e}
			</section>
		</main>`}var Jt=({title:t,problem:e,href:r})=>s`
	<${V} title=${t}>
		<${m}>${e}</${m}>
		<p><a class="button primary" href=${r}>Ask for another link</a></p>
	</${V}>`;var vt=()=>N.collection("users");function Ee(t,e){let r=Uo(t)[e];return typeof r=="string"&&gn(r)?r:""}var er=t=>vt().requestPasswordReset(t),Zn=t=>vt().requestEmailChange(t);async function Kn(t,e){await vt().confirmPasswordReset(t,e,e),await Xn(Ee(t,"email"),e,"Your new password was saved. Sign in with it.")}async function Qn(t,e){let r=Ee(t,"newEmail");await vt().confirmEmailChange(t,e),await Xn(r,e,`Your new address was saved. Sign in with ${r}.`)}async function Gn(t){await vt().confirmVerification(t),jt.value.phase==="ready"&&await jt.value.workspace.checkVerified().catch(()=>{})}async function Xn(t,e,r){$n(r),await pn(t,e).catch(()=>{}),ce(j(jt.value.phase==="ready"?"/":"/sign-in"),{replace:!0})}function ol({token:t}){let{run:e,busy:r,error:o}=k(Qn),n=Ee(t,"newEmail"),i=n?Re(o):st,a=c=>{c.preventDefault(),e(t,String(new FormData(c.currentTarget).get("password")))};if(i)return s`<${Jt} title="Confirm your new address" problem=${i} href=${X("security")} />`;let l=!!F(o,"password");return s`
		<${V} title="Confirm your new address">
			<p>From now on, your account will use <strong>${n}</strong>. All other browsers will be signed out.</p>
			<form onSubmit=${a}>
				<input type="email" autocomplete="username" value=${n} readOnly hidden />
				<${A} id="password" label="Your password" type="password" required autocomplete="current-password" error=${l?"This is not the password of your account.":""} />
				${o&&!l&&s`<${m}>${R(o)}</${m}>`}
				<${u} type="submit" busy=${r}>Use this address</${u}>
			</form>
		</${V}>`}function nl(){return v(()=>{ln()},[]),s`
		<${V} title="Forgot your password?">
			${Y.value.mail?s`<${sl} />`:s`<p>This server can’t send e-mail. Ask <${Me} /> to set a new password for you.</p>`}
			<p><a href=${j("/sign-in")}>Back to sign-in</a></p>
		</${V}>`}function sl(){let[t,e]=$(""),{run:r,busy:o,error:n}=k(er),i=async l=>{l.preventDefault();let c=String(new FormData(l.currentTarget).get("email")).trim();await r(c)&&e(c)},a=F(n,"email");return s`
		<p>Enter the e-mail address of your account. You’ll receive a link with which you choose a new password.</p>
		<form onSubmit=${i}>
			<${A} id="email" label="E-mail" type="email" required autocomplete="username" error=${a} />
			${n&&!a&&s`<${m}>${R(n)}</${m}>`}
			<${u} type="submit" busy=${o}>Send the link</${u}>
		</form>
		${t&&s`
			<${m} kind="note">If ${t} has an account here, a message with a link is on its way. The link works for half an hour. If nothing
				arrives, look in your spam folder, and ask again in ten minutes. If you can’t read mail at this address any more, ask <${Me} />.</${m}>`}`}function il(){let{version:t}=Y.value;return s`
		<div class="page narrow help">
			<${W} title="Help" />
			<h2>From Fathom to Loom</h2>
			<ol>
				<li>Save your Fathom API key in <a href=${X("fathom")}>Settings</a>. Your meetings are listed here.</li>
				<li>Copy a meeting: its video, summary and transcript are stored in your own database on this server.</li>
				<li>The video goes on to Loom: by itself if you have <a href=${X("loom")}>connected Loom</a>, otherwise you upload
				the file there and paste Loom’s link.</li>
			</ol>
			<h2>What is stored, and who can read it</h2>
			<p>Your meetings are kept in a database that belongs to you alone. The operator of this server can open it, and you see
			under <a href=${X("security")}>Security</a> when that happened. Keys are encrypted and never shown again.
			Nothing is deleted at Fathom or Loom. You can <a href=${X("data")}>download everything or delete your account</a>.</p>
			<h2>Loom’s limits</h2>
			<p>Loom’s Starter plan holds 25 videos of up to 5 minutes each. For others to see a video, its link must be visible to
			anyone who has it; Loom asks for that when you share.</p>
			<h2>When something doesn’t work</h2>
			<p>Every problem says what to do next. If it stays, tell the operator of this server what you did and when.</p>
			${t&&s`<p class="muted">Version ${t}</p>`}
		</div>`}function tr(t,e){return t.map(({start:r,title:o},n)=>{let i=t[n+1]?.start??(e>0&&e<1/0?e:0);return{start:r,end:Math.max(i,r+1),title:o}})}var Jn=(t,e)=>t.findLastIndex(({start:r})=>r<=e);var es=["timeupdate","seeking"];function rr(t,e,r=0){let o=()=>e(t?.readyState?t.currentTime:r),[n,i]=$(o);return v(()=>{let a=()=>i(o());a();for(let l of es)t?.addEventListener(l,a);return()=>{for(let l of es)t?.removeEventListener(l,a)}},[t,e,r]),n}function ts({chapters:t,media:e,onSeek:r}){let o=rr(e,le(n=>Jn(t,n),[t]));return al(t,e),t.length?s`
		<section>
			<h2 id="chapters-heading">Chapters</h2>
			<ol class="chapters" aria-labelledby="chapters-heading">
				${t.map(({start:n,title:i},a)=>s`
					<li key=${a}>
						<button type="button" aria-current=${a===o?"true":void 0} onClick=${()=>r(n)}>
							<span class="timestamp">${te(n)}</span>${" "}<span dir="auto">${i}</span>
						</button>
					</li>`)}
			</ol>
		</section>`:null}function al(t,e){v(()=>{if(!e||!t.length)return;let r=()=>ll(e,t);return r(),e.addEventListener("durationchange",r),()=>e.removeEventListener("durationchange",r)},[t,e])}function ll(t,e){let r=[...t.textTracks].find(({kind:o})=>o==="chapters")??t.addTextTrack("chapters","Chapters");r.mode="hidden";for(let o of[...r.cues??[]])r.removeCue(o);for(let{start:o,end:n,title:i}of tr(e,t.duration))r.addCue(new VTTCue(o,n,i))}var cl=1e3*3600;function rs(t){let e=ee(t);if(!e)return;let r=new URL(e);if(!/(^|\.)fathom\.video$/.test(r.hostname))return;let o=r.searchParams.get("timestamp")??r.hash.match(/^#t=(.*)/)?.[1]??"",n=tt(o)??(/^\d+(\.\d+)?$/.test(o)?Number(o):NaN);return n<cl?n:void 0}function os(t,e){let r=ee(t);if(!r)return"";let o=new URL(r),n=new URL(e),i=o.origin===n.origin||o.protocol==="https:"&&`www.${o.host}`===n.host,a=o.pathname.match(/^\/(?:share|embed)\/(?:[^/]*-)?([0-9a-f]{32})$/)?.[1];return i&&a?`${n.origin}/embed/${a}`:""}function ns({url:t,title:e}){let[r,o]=$(!1),n=U(null);ye(()=>{r&&n.current?.focus()},[r]);let i=os(t,Y.value.loomUploadURL);return i?r?s`
		<section class="loom-player" aria-label="On Loom">
			<iframe ref=${n} src=${i} title=${`Loom\u2019s video: ${e}`} allow="fullscreen; picture-in-picture" allowfullscreen
				sandbox="allow-scripts allow-same-origin allow-popups allow-presentation"></iframe>
			<${P} href=${t}>Open on Loom</${P}>
		</section>`:s`
			<section class="loom-player" aria-label="On Loom">
				<div class="actions">
					<${u} kind="quiet" onClick=${()=>o(!0)}>Play Loom’s video here</${u}>
					<${P} href=${t}>Open on Loom</${P}>
				</div>
				<p class="hint">Your browser then loads Loom’s player.</p>
			</section>`:null}function lt({at:t,onSeek:e}){let r=typeof t=="number"?t:tt(t);if(r===null)return null;let o=te(r);return e?s`<button type="button" class="link timestamp" aria-label=${`Play from ${o}`} onClick=${()=>e(r)}>${o}</button>`:s`<span class="timestamp">${o}</span>`}function ss({items:t,missing:e,onSeek:r}){return s`
		<section>
			<h2>Action items</h2>
			${t?.length?s`
				<ul class="todo">
					${t.map((o,n)=>s`
						<li key=${n}>
							<span class="what" dir="auto">${o.description}</span>
							<span class="muted">
								${o.completed&&s`<span class="finished"><${Ge} />Done</span>${" \xB7 "}`}
								${o.assignee?.name&&s`<bdi>${o.assignee.name}</bdi>${" \xB7 "}`}<${lt} at=${o.recording_timestamp} onSeek=${r} />
							</span>
						</li>`)}
				</ul>`:e}
		</section>`}function is({items:t,missing:e,onSeek:r}){return s`
		<section>
			<h2>Highlights</h2>
			${t?.length?s`
				<ul class="highlights">
					${t.map((o,n)=>s`
						<li key=${n}>
							<span class="what" dir="auto">${o.summary||o.text}</span>
							<span class="muted">${o.type&&`${o.type} \xB7 `}<${lt} at=${Math.max(0,o.start_time||0)} onSeek=${r} /></span>
						</li>`)}
				</ul>`:e}
		</section>`}function Mr(){return{async:!1,breaks:!1,extensions:null,gfm:!0,hooks:null,pedantic:!1,renderer:null,silent:!1,tokenizer:null,walkTokens:null}}var He=Mr();function gs(t){He=t}var ze={exec:()=>null};function Ne(t){let e=[];return r=>{let o=Math.max(0,Math.min(3,r-1)),n=e[o];return n||(n=t(o),e[o]=n),n}}function T(t,e=""){let r=typeof t=="string"?t:t.source,o={replace:(n,i)=>{let a=typeof i=="string"?i:i.source;return a=a.replace(Z.caret,"$1"),r=r.replace(n,a),o},getRegex:()=>new RegExp(r,e)};return o}var ks=((t="")=>{try{return!!new RegExp("(?<=1)(?<!1)"+t)}catch{return!1}})(),Z={codeRemoveIndent:/^(?: {0,3}\t| {1,4})/gm,listInterruptsParagraph:/^ {0,3}(?:[*+-]|1[.)])[ \t]+[^ \t\n]/,outputLinkReplace:/\\([\[\]])/g,indentCodeCompensation:/^(\s+)(?:```)/,beginningSpace:/^\s+/,endingHash:/#$/,startingSpaceChar:/^ /,endingSpaceChar:/ $/,endingSpaceTabChar:/[ \t]$/,nonSpaceChar:/[^ ]/,newLineCharGlobal:/\n/g,tabCharGlobal:/\t/g,leadingSpaceTab:/^[ \t]+/,multipleSpaceGlobal:/\s+/g,blankLine:/^[ \t]*$/,doubleBlankLine:/\n[ \t]*\n[ \t]*$/,blockquoteStart:/^ {0,3}>/,blockquoteSetextReplace:/\n {0,3}((?:=+|-+)[ \t]*)(?=\n|$)/g,blockquoteSetextReplace2:/^ {0,3}>[ \t]?/gm,blockquoteMarkerWhitespace:/^( {0,3}>)(\t[ \t]*)/gm,nestedBlockMarker:/^ {0,3}(?:(?:[*+-]|\d{1,9}[.)])(?: |$)|> ?)/,listReplaceNesting:/^ {1,4}(?=( {4})*[^ ])/g,listIsTask:/^\[[ xX]\][ \t]+\S/,listReplaceTask:/^\[[ xX]\][ \t]+/,listTaskCheckbox:/\[[ xX]\]/,anyLine:/\n.*\n/,hrefBrackets:/^<(.*)>$/,tableDelimiter:/[:|]/,tableAlignChars:/^\||\| *$/g,tableRowBlankLine:/\n[ \t]*$/,tableAlignRight:/^ *-+: *$/,tableAlignCenter:/^ *:-+: *$/,tableAlignLeft:/^ *:-+ *$/,startATag:/^<a /i,endATag:/^<\/a>/i,startPreScriptTag:/^<(pre|code|kbd|script)(\s|>)/i,endPreScriptTag:/^<\/(pre|code|kbd|script)(\s|>)/i,startAngleBracket:/^</,endAngleBracket:/>$/,pedanticHrefTitle:/^([^'"]*[^\s])\s+(['"])(.*)\2/,unicodeAlphaNumeric:/[\p{L}\p{N}]/u,numericCharacterReference:/&#(?:(\d{1,7})|[Xx]([A-Fa-f0-9]{1,6}));/,numericCharacterReferenceOrAmpersand:/&#(?:(\d{1,7})|[Xx]([A-Fa-f0-9]{1,6}));|&(?!(#\d{1,7}|#[Xx][a-fA-F0-9]{1,6}|\w+);)/g,escapeTest:/[&<>"']/,escapeReplace:/[&<>"']/g,escapeTestNoEncode:/[<>"']|&(?!(#\d{1,7}|#[Xx][a-fA-F0-9]{1,6}|\w+);)/,escapeReplaceNoEncode:/[<>"']|&(?!(#\d{1,7}|#[Xx][a-fA-F0-9]{1,6}|\w+);)/g,caret:/(^|[^\[])\^/g,percentDecode:/%25/g,findPipe:/\|/g,splitPipe:/ \|/,slashPipe:/\\\|/g,carriageReturn:/\r\n|\r/g,spaceLine:/^ +$/gm,notSpaceStart:/^\S*/,endingNewline:/\n$/,listItemRegex:t=>new RegExp(`^( {0,3}${t})((?:[	 ][^\\n]*)?(?:\\n|$))`),nextBulletRegex:Ne(t=>new RegExp(`^ {0,${t}}(?:[*+-]|\\d{1,9}[.)])((?:[ 	][^\\n]*)?(?:\\n|$))`)),hrRegex:Ne(t=>new RegExp(`^ {0,${t}}((?:-[ 	]*){3,}|(?:_[ 	]*){3,}|(?:\\*[ 	]*){3,})(?:\\n+|$)`)),fencesBeginRegex:Ne(t=>new RegExp(`^ {0,${t}}(?:\`\`\`|~~~)`)),headingBeginRegex:Ne(t=>new RegExp(`^ {0,${t}}#{1,6}(?:\\s|$)`)),pedanticHeadingBeginRegex:Ne(t=>new RegExp(`^ {0,${t}}#`)),htmlBeginRegex:Ne(t=>new RegExp(`^ {0,${t}}(?:</?(?:${Nr})(?:[ \\t]+|$|/?>)|<(?:(?:script|pre|style|textarea)(?:[\\s>]|$)|!--)|<\\?|<![A-Za-z]|<!\\[CDATA\\[)`,"i")),blockquoteBeginRegex:Ne(t=>new RegExp(`^ {0,${t}}>`)),nestedContainerMarkers:/^(?: {0,3}(?:(?:[*+-]|\d{1,9}[.)])[ \t]+|>[ \t]?))+/},dl=/^(?:[ \t]*(?:\n|$))+/,ul=/^((?: {4}| {0,3}\t)[^\n]+(?:\n(?:[ \t]*(?:\n|$))*)?)+/,pl=/^ {0,3}(`{3,}(?=[^`\n]*(?:\n|$))|~{3,})([^\n]*)(?:\n|$)(?:|([\s\S]*?)(?:\n|$))(?: {0,3}(?:(?=`)\1`*|(?=~)\1~*) *(?=\n|$)|$)/,St=/^ {0,3}((?:-[\t ]*){3,}|(?:_[ \t]*){3,}|(?:\*[ \t]*){3,})(?:\n+|$)/,ml=/^ {0,3}(#{1,6})(?=\s|$)(.*)(?:\n+|$)/,qr=/ {0,3}(?:[*+-]|\d{1,9}[.)])/,Nr="address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|dialog|dir|div|dl|dt|fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html|iframe|legend|li|link|main|menu|menuitem|meta|nav|noframes|ol|optgroup|option|p|param|search|section|summary|table|tbody|td|tfoot|th|thead|title|tr|track|ul",Tt=T(" {0,3}(?:</?(?:tag)(?:[ \\t]+|\\n|/?>)|<(?:(?:script|pre|style|textarea)(?:[\\s>]|$)|!--)|<\\?|<![A-Za-z]|<!\\[CDATA\\[)").replace("tag",Nr).getRegex(),bs=/^(?!bull |blockCode|fences|blockquote|heading|html|table)((?:.|\n(?!\s*?\n|bull |fences|blockquote|heading|hr|html|table))+?)\n {0,3}(=+|-+)[ \t]*(?:\n+|$)/,ys=T(bs).replace(/bull/g,qr).replace(/blockCode/g,/(?: {4}| {0,3}\t)/).replace(/fences/g,/ {0,3}(?:`{3,}|~{3,})/).replace(/blockquote/g,/ {0,3}>/).replace(/heading/g,/ {0,3}#{1,6}(?:\s|$)/).replace(/hr/g,/ {0,3}(?:(?:-[\t ]*){3,}|(?:_[ \t]*){3,}|(?:\*[ \t]*){3,})(?:\n+|$)/).replace(/\|table/g,"").replace(/html/g,Tt).getRegex(),hl=T(bs).replace(/bull/g,qr).replace(/blockCode/g,/(?: {4}| {0,3}\t)/).replace(/fences/g,/ {0,3}(?:`{3,}|~{3,})/).replace(/blockquote/g,/ {0,3}>/).replace(/heading/g,/ {0,3}#{1,6}(?:\s|$)/).replace(/hr/g,/ {0,3}(?:(?:-[\t ]*){3,}|(?:_[ \t]*){3,}|(?:\*[ \t]*){3,})(?:\n+|$)/).replace(/table/g,/ {0,3}\|?(?:[:\- ]*\|)+[\:\- ]*\n/).replace(/html/g,Tt).getRegex(),zr=/^([^\n]+(?:\n(?!hr|heading|lheading|blockquote|fences|list|html|table|[ \t]+\n)[^\n]+)*)/,fl=/^[^\n]+/,Ur=/(?!\s*\])(?:\\[\s\S]|[^\[\]\\\n]|\n(?![ \t]*\n))+/,$l=T(/^ {0,3}\[(label)\]: *(?:\n[ \t]*)?([^<\s][^\s]*|<(?:\\.|[^\n<>\\])*>)(?:(?: +(?:\n[ \t]*)?| *\n[ \t]*)(title))? *(?:\n+|$)/).replace("label",Ur).replace("title",/(?:"(?:\\[\s\S]|[^"\\])*"|'(?:\\[\s\S]|[^'\\\n]|\n(?!\n))*'|\((?:\\[\s\S]|[^()\\])*\))/).getRegex(),gl=T(/^(bull)([ \t][^\n]*?)?(?:\n|$)/).replace(/bull/g,qr).getRegex(),jr=/<!--(?:-?>|[\s\S]*?(?:-->|$))/,kl=T("^ {0,3}(?:<(script|pre|style|textarea)[\\s>][\\s\\S]*?(?:</\\1>[^\\n]*\\n*|$)|comment[^\\n]*(\\n+|$)|<\\?[\\s\\S]*?(?:\\?>[^\\n]*\\n*|$)|<![A-Z][\\s\\S]*?(?:>[^\\n]*\\n*|$)|<!\\[CDATA\\[[\\s\\S]*?(?:\\]\\]>[^\\n]*\\n*|$)|</?(tag)(?:[ \\t]+|\\n|/?>|$)[\\s\\S]*?(?:(?:\\n[ 	]*)+\\n|$)|<(?!(?:script|pre|style|textarea)(?![a-z0-9-]))([a-z][a-z0-9-]*)(?:attribute)*?[ \\t]*/?>(?=[ \\t]*(?:\\n|$))[\\s\\S]*?(?:(?:\\n[ 	]*)+\\n|$)|</[a-z][a-z0-9-]*\\s*>(?=[ \\t]*(?:\\n|$))[\\s\\S]*?(?:(?:\\n[ 	]*)+\\n|$))","i").replace("comment",jr).replace("tag",Nr).replace("attribute",/[ \t]+[a-zA-Z:_][\w.:-]*(?:[ \t]*=[ \t]*"[^"\n]*"|[ \t]*=[ \t]*'[^'\n]*'|[ \t]*=[ \t]*[^\s"'=<>`]+)?/).getRegex(),vs=t=>T(zr).replace("hr",St).replace("heading"," {0,3}#{1,6}(?:\\s|$)").replace("|lheading","").replace("|table","").replace("blockquote"," {0,3}>").replace("fences"," {0,3}(?:`{3,}(?=[^`\\n]*(?:\\n|$))|~~~)[^\\n]*(?:\\n|$)").replace("list",t).replace("html",Tt).getRegex(),bl=vs(/ {0,3}(?:[*+-]|1[.)])[ \t]+[^ \t\n]/),yl=vs(/ {0,3}(?:[*+-]|\d{1,9}[.)])(?:[ \t]|\n|$)/),vl=T(/^( {0,3}> ?(?:(?![ \t]*(?:\n|$))(paragraph)|[^\n]*)(?:\n|$))+/).replace("paragraph",yl).getRegex(),Hr={blockquote:vl,code:ul,def:$l,fences:pl,heading:ml,hr:St,html:kl,lheading:ys,list:gl,newline:dl,paragraph:bl,table:ze,text:fl},as=T("^ *([^\\n ].*)\\n {0,3}((?:\\| *)?:?-+:? *(?:\\| *:?-+:? *)*(?:\\| *)?)(?:\\n((?:(?! *\\n|hr|heading|blockquote|code|fences|list|html).*(?:\\n|$))*)\\n*|$)").replace("hr",St).replace("heading"," {0,3}#{1,6}(?:\\s|$)").replace("blockquote"," {0,3}>").replace("code","(?: {4}| {0,3}	)[^\\n]").replace("fences"," {0,3}(?:`{3,}(?=[^`\\n]*(?:\\n|$))|~~~)[^\\n]*(?:\\n|$)").replace("list"," {0,3}(?:[*+-]|1[.)])[ \\t]").replace("html",Tt).getRegex(),wl={...Hr,lheading:hl,table:as,paragraph:T(zr).replace("hr",St).replace("heading"," {0,3}#{1,6}(?:\\s|$)").replace("|lheading","").replace("table",as).replace("blockquote"," {0,3}>").replace("fences"," {0,3}(?:`{3,}(?=[^`\\n]*(?:\\n|$))|~~~)[^\\n]*(?:\\n|$)").replace("list"," {0,3}(?:[*+-]|1[.)])[ \\t]+[^ \\t\\n]").replace("html",Tt).getRegex()},xl={...Hr,html:T(`^ *(?:comment(?: *\\n|\\s*$)|<(tag)[\\s\\S]+?</\\1>(?: *\\n{2,}|\\s*$)|<tag(?:"[^"]*"|'[^']*'|\\s[^'"/>\\s]*)*?/?>(?: *\\n{2,}|\\s*$))`).replace("comment",jr).replace(/tag/g,"(?!(?:a|em|strong|small|s|cite|q|dfn|abbr|data|time|code|var|samp|kbd|sub|sup|i|b|u|mark|ruby|rt|rp|bdi|bdo|span|br|wbr|ins|del|img)\\b)\\w+(?!:|[^\\w\\s@]*@)\\b").getRegex(),def:/^ *\[([^\]]+)\]: *<?([^\s>]+)>?(?: +(["(][^\n]+[")]))? *(?:\n+|$)/,heading:/^(#{1,6})(.*)(?:\n+|$)/,fences:ze,lheading:/^(.+?)\n {0,3}(=+|-+) *(?:\n+|$)/,paragraph:T(zr).replace("hr",St).replace("heading",` *#{1,6} *[^
]`).replace("|table","").replace("blockquote"," {0,3}>").replace("|fences","").replace("|list","").replace("|html","").replace("|tag","").replace("lheading",ys).getRegex()},Sl=/^\\([!"#$%&'()*+,\-./:;<=>?@\[\]\\^_`{|}~])/,Tl=/^(`+)([^`]|[^`][\s\S]*?[^`])\1(?!`)/,ws=/^( {2,}|\\)\n(?!\s*$)[ \t]*/,Cl=/^(`+|[^`])(?:(?= {2,}\n)|[\s\S]*?(?:(?=[\\<!\[`*_]|\b_|$)|[^ ](?= {2,}\n)))/,he=/[\p{P}\p{S}]/u,dt=/[\s\p{P}\p{S}]/u,Ct=/[^\s\p{P}\p{S}]/u,Al=T(/^((?![*_])punctSpace)/,"u").replace(/punctSpace/g,dt).getRegex(),Ll=/[\p{Pi}\p{Ps}"']/u,xs=/(?!~)[\p{P}\p{S}]/u,_l=/(?!~)[\s\p{P}\p{S}]/u,Rl=/(?:[^\s\p{P}\p{S}]|~)/u,Pl=T(/link|precode-code|html/,"g").replace("link",/\[(?:[^\[\]`]|(?<a>`+)[^`]+\k<a>(?!`))*?\]\((?:\\[\s\S]|[^\\\(\)]|\((?:\\[\s\S]|[^\\\(\)])*\))*\)/).replace("precode-",ks?"(?<!`)()":"(^^|[^`])").replace("code",/(?<b>`+)[^`]+\k<b>(?!`)/).replace("html",/<(?! )[^<>]*?>/).getRegex(),Ss=/^(?:\*+(?:((?!\*)punct)|([^\s*]))?)|^_+(?:((?!_)punct)|([^\s_]))?/,El=T(Ss,"u").replace(/punct/g,he).getRegex(),Dl=T(Ss,"u").replace(/punct/g,xs).getRegex(),Fl=/^(?:\*+(?:((?!\*)(?!openQuote)punct)|([^\s*]))?)|^_+(?:((?!_)(?!openQuote)punct)|([^\s_]))?/,Bl=T(Fl,"u").replace(/openQuote/g,Ll).replace(/punct/g,he).getRegex(),Ts="^[^_*]*?__[^_*]*?\\*[^_*]*?(?=__)|[^*]+(?=[^*])|(?!\\*)punct(\\*+)(?=[\\s]|$)|notPunctSpace(\\*+)(?!\\*)(?=punctSpace|$)|(?!\\*)punctSpace(\\*+)(?=notPunctSpace)|[\\s](\\*+)(?!\\*)(?=punct)|(?!\\*)punct(\\*+)(?!\\*)(?=punct)|notPunctSpace(\\*+)(?=notPunctSpace)",Il=T(Ts,"gu").replace(/notPunctSpace/g,Ct).replace(/punctSpace/g,dt).replace(/punct/g,he).getRegex(),Ol=T(Ts,"gu").replace(/notPunctSpace/g,Rl).replace(/punctSpace/g,_l).replace(/punct/g,xs).getRegex(),Ml="^[^_*]*?__[^_*]*?\\*[^_*]*?(?=__)|[^*]+(?=[^*])|(?!\\*)punct(\\*+)(?=[\\s]|$)|notPunctSpace(\\*+)(?!\\*)(?=punctSpace|$)|(?!\\*)[\\s](\\*+)(?=notPunctSpace)|[\\s](\\*+)(?!\\*)(?=punct)|(?!\\*)punct(\\*+)(?!\\*)(?=punct)|(?:(?!\\*)punct|notPunctSpace)(\\*+)(?!\\*)(?=notPunctSpace)",ql=T(Ml,"gu").replace(/notPunctSpace/g,Ct).replace(/punctSpace/g,dt).replace(/punct/g,he).getRegex(),Nl=T("^[^_*]*?\\*\\*[^_*]*?_[^_*]*?(?=\\*\\*)|[^_]+(?=[^_])|(?!_)punct(_+)(?=[\\s]|$)|notPunctSpace(_+)(?!_)(?=punctSpace|$)|(?!_)punctSpace(_+)(?=notPunctSpace)|[\\s](_+)(?!_)(?=punct)|(?!_)punct(_+)(?!_)(?=punct)","gu").replace(/notPunctSpace/g,Ct).replace(/punctSpace/g,dt).replace(/punct/g,he).getRegex(),zl="^[^_*]*?\\*\\*[^_*]*?_[^_*]*?(?=\\*\\*)|[^_]+(?=[^_])|(?!_)punct(_+)(?=[\\s]|$)|notPunctSpace(_+)(?!_)(?=punctSpace|$)|(?!_)[\\s](_+)(?=notPunctSpace)|[\\s](_+)(?!_)(?=punct)|(?!_)punct(_+)(?!_)(?=punct)|(?:(?!_)punct|notPunctSpace)(_+)(?!_)(?=notPunctSpace)",Ul=T(zl,"gu").replace(/notPunctSpace/g,Ct).replace(/punctSpace/g,dt).replace(/punct/g,he).getRegex(),jl=T(/^~~?(?:((?!~)punct)|[^\s~])/,"u").replace(/punct/g,he).getRegex(),Hl="^[^~]+(?=[^~])|(?!~)punct(~~?)(?=[\\s]|$)|notPunctSpace(~~?)(?!~)(?=punctSpace|$)|(?!~)punctSpace(~~?)(?=notPunctSpace)|[\\s](~~?)(?!~)(?=punct)|(?!~)punct(~~?)(?!~)(?=punct)|notPunctSpace(~~?)(?=notPunctSpace)",Wl=T(Hl,"gu").replace(/notPunctSpace/g,Ct).replace(/punctSpace/g,dt).replace(/punct/g,he).getRegex(),Yl=T(/\\(punct)/,"gu").replace(/punct/g,he).getRegex(),Vl=T(/(`+)(?:[^`]|[^`][\s\S]*?[^`])\1(?!`)|`+|\\(punct)/,"gu").replace(/punct/g,he).getRegex(),Zl=T(/^<(scheme:[^\s\x00-\x1f<>]*|email)>/).replace("scheme",/[a-zA-Z][a-zA-Z0-9+.-]{1,31}/).replace("email",/[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+(@)[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)+(?![-_])/).getRegex(),Kl=T(jr).replace("(?:-->|$)","-->").getRegex(),Ql=T("^comment|^</[a-zA-Z][a-zA-Z0-9-]*\\s*>|^<[a-zA-Z][a-zA-Z0-9-]*(?:attribute)*?\\s*/?>|^<\\?[\\s\\S]*?\\?>|^<![a-zA-Z]+\\s[\\s\\S]*?>|^<!\\[CDATA\\[[\\s\\S]*?\\]\\]>").replace("comment",Kl).replace("attribute",/\s+[a-zA-Z:_][\w.:-]*(?:\s*=\s*"[^"]*"|\s*=\s*'[^']*'|\s*=\s*[^\s"'=<>`]+)?/).getRegex(),Cs=/\[(?:\\[\s\S]|[^\[\]\\])*\]/,sr=T(/(?:\[(?:brackets|\\[\s\S]|[^\[\]\\])*\]|\\[\s\S]|`+(?!`)[^`]*?`+(?!`)|``+(?=\])|[^\[\]\\`])*?/).replace("brackets",Cs).getRegex(),Gl=T(/^!?\[(label)\]\([ \t\n]*(href)(?:(?:[ \t]+(?:\n[ \t]*)?|\n[ \t]*)(title))?[ \t\n]*\)/).replace("label",sr).replace("href",/<(?:\\.|[^\n<>\\])*>|(?!<)[^ \t\n\x00-\x1f]+|(?=\))/).replace("title",/"(?:\\[\s\S]|[^"\\])*"|'(?:\\[\s\S]|[^'\\])*'|\((?:\\[\s\S]|[^)\\])*\)/).getRegex(),Xl=T(/^!?\[(label)\]\[(ref)\]/).replace("label",sr).replace("ref",Ur).getRegex(),Jl=T(/^!?\[(ref)\](?:\[\])?/).replace("ref",Ur).getRegex(),ls=/(?!\s*\])(?:\\[\s\S]|[^\[\]\\]){1,999}/,ec=T(/(?:[^\[\]\\`]*(?:\[(?:brackets|\\[\s\S]|[^\[\]\\])*\]|\\[\s\S]|`+(?!`)[^`]*?`+(?!`)|``+(?=\]))){0,999}?[^\[\]\\`]*?/).replace("brackets",Cs).getRegex(),tc=T("reflink|nolink(?!\\()","g").replace("reflink",T(/^!?\[(label)\]\[(ref)\]/).replace("label",ec).replace("ref",ls).getRegex()).replace("nolink",T(/^!?\[(ref)\](?:\[\])?/).replace("ref",ls).getRegex()).getRegex(),cs=/[hH][tT][tT][pP][sS]?|[fF][tT][pP]/,rc=/[A-Za-z0-9._+-]+@[a-zA-Z0-9-_]+(?:\.[a-zA-Z0-9-_]*[a-zA-Z0-9])+(?![\w-])/,oc=T(/(?:mailto:email|xmpp:email(?:\/[A-Za-z0-9@.]+)?)/).replace(/email/g,rc).getRegex(),Wr={_backpedal:ze,anyPunctuation:Yl,anyPunctuationOutsideCode:Vl,autolink:Zl,blockSkip:Pl,br:ws,code:Tl,del:ze,delLDelim:ze,delRDelim:ze,emStrongLDelim:El,emStrongRDelimAst:Il,emStrongRDelimUnd:Nl,escape:Sl,link:Gl,nolink:Jl,punctuation:Al,reflink:Xl,reflinkSearch:tc,tag:Ql,text:Cl,url:ze},nc={...Wr,emStrongLDelim:Bl,emStrongRDelimAst:ql,emStrongRDelimUnd:Ul,link:T(/^!?\[(label)\]\((.*?)\)/).replace("label",sr).getRegex(),reflink:T(/^!?\[(label)\]\s*\[([^\]]*)\]/).replace("label",sr).getRegex()},Br={...Wr,emStrongRDelimAst:Ol,emStrongLDelim:Dl,delLDelim:jl,delRDelim:Wl,url:T(/^emailProtocol|^((?:protocol):\/\/|www\.)(?:[a-zA-Z0-9\-]+\.?)+[^\s<]*|^email/).replace("emailProtocol",oc).replace("protocol",cs).replace("email",/[A-Za-z0-9._+-]+(@)[a-zA-Z0-9-_]+(?:\.[a-zA-Z0-9-_]*[a-zA-Z0-9])+(?![\w-])/).getRegex(),_backpedal:/(?:[^?!.,:;*_'"~()&]+|\([^)]*\)|&(?![a-zA-Z0-9]+;$)|[?!.,:;*_'"~)]+(?!$))+/,del:/^(~~?)(?=[^\s~])((?:\\[\s\S]|[^\\])*?(?:\\[\s\S]|[^\s~\\]))\1(?=[^~]|$)/,text:T(/^(?:[^a-zA-Z0-9](?=emailProtocol)|(`+|~+|[^`~])(?:(?=[`~])|(?= {2,}\n)|(?=[a-zA-Z0-9.!#$%&'*+\/=?_`{\|}~-]+@)|[\s\S]*?(?:(?=[\\<!\[`*~_]|\b_|protocol:\/\/|wwwStart|$)|[^ ](?= {2,}\n)|[^a-zA-Z0-9](?=emailProtocol)|[^a-zA-Z0-9.!#$%&'*+\/=?_`{\|}~-](?=[a-zA-Z0-9.!#$%&'*+\/=?_`{\|}~-]+@))))/).replace("protocol",cs).replace(/emailProtocol/g,/(?:mailto|xmpp):/).replace("wwwStart",ks?"(?<![^\\s*_~(])www\\.":"www\\.").getRegex()},sc={...Br,br:T(ws).replace("{2,}","*").getRegex(),text:T(Br.text).replace("\\b_","\\b_| {2,}\\n").replace(/\{2,\}/g,"*").getRegex()},or={normal:Hr,gfm:wl,pedantic:xl},wt={normal:Wr,gfm:Br,breaks:sc,pedantic:nc},ic={"&":"&amp;","<":"&lt;",">":"&gt;",'"':"&quot;","'":"&#39;"},ds=t=>ic[t];function oe(t,e){if(e){if(Z.escapeTest.test(t))return t.replace(Z.escapeReplace,ds)}else if(Z.escapeTestNoEncode.test(t))return t.replace(Z.escapeReplaceNoEncode,ds);return t}function ac(t){return Z.numericCharacterReference.test(t)?t.replace(Z.numericCharacterReferenceOrAmpersand,(e,r,o)=>{if(r===void 0&&o===void 0)return"&amp;";let n=r===void 0?Number.parseInt(o,16):Number.parseInt(r,10);return n===0||n>1114111||n>=55296&&n<=57343?"\uFFFD":n===38?"&amp;":String.fromCodePoint(n)}):t}function us(t){try{t=encodeURI(t).replace(Z.percentDecode,"%")}catch{return null}return t}function ps(t,e){let r=t.replace(Z.findPipe,(i,a,l)=>{let c=!1,p=a;for(;--p>=0&&l[p]==="\\";)c=!c;return c?"|":" |"}),o=r.split(Z.splitPipe),n=0;if(o[0].trim()||o.shift(),o.length>0&&!o.at(-1)?.trim()&&o.pop(),e)if(o.length>e)o.splice(e);else for(;o.length<e;)o.push("");for(;n<o.length;n++)o[n]=o[n].trim().replace(Z.slashPipe,"|");return o}function be(t,e,r){let o=t.length;if(o===0)return"";let n=0;for(;n<o;){let i=t.charAt(o-n-1);if(i===e&&!r)n++;else if(i!==e&&r)n++;else break}return t.slice(0,o-n)}function ms(t){let e=t.split(`
`),r=e.length-1;for(;r>=0&&Z.blankLine.test(e[r]);)r--;return e.length-r<=2?t:e.slice(0,r+1).join(`
`)}function ir(t){return t.trim().replace(Z.multipleSpaceGlobal," ").toLowerCase().toUpperCase().toLowerCase()}function hs(t,e){if(t.indexOf(e[0])===-1&&t.indexOf(e[1])===-1)return-1;let r=0;for(let o=0;o<t.length;o++)if(t[o]==="\\")o++;else if(t[o]===e[0])r++;else if(t[o]===e[1]&&(r--,r<0))return o;return r>0?-2:-1}var ct=new WeakMap;function Yr(t){let e={"*":-1,_:-1},r=-1,o=t.length;for(let n=0;n<o;n++){let i=t[n];if(i!=="*"&&i!=="_"&&i!=="~")continue;let a=n===0?`
`:t[n-1],l=n+1;for(;l<o&&t[l]===i;)l++;a!==" "&&a!=="	"&&a!==`
`&&a!=="\r"&&a!=="\f"&&(i==="~"?r=n:e[i]=n),n=l-1}return{maskedSrc:t,lastPossibleEmStrongCloserIndex:e,lastPossibleDelCloserIndex:r}}function lc(t,e){let r=Yr(e),o=ct.get(t);o?o.push(r):ct.set(t,[r])}function cc(t){let e=ct.get(t);e&&(e.pop(),e.length===0&&ct.delete(t))}function As(t,e,r){let o=ct.get(t)?.at(-1);return o&&o.maskedSrc===e?o.lastPossibleEmStrongCloserIndex[r]:Yr(e).lastPossibleEmStrongCloserIndex[r]}function Ls(t,e){let r=ct.get(t)?.at(-1);return r&&r.maskedSrc===e?r.lastPossibleDelCloserIndex:Yr(e).lastPossibleDelCloserIndex}function nr(t,e=0){let r=e,o="";for(let n of t)if(n==="	"){let i=4-r%4;o+=" ".repeat(i),r+=i}else o+=n,r++;return o}function dc(t,e){let r="";for(let o=0;o<t.length;o++){if(t[o]==="`"){let n=e.inline.code.exec(t.slice(o));if(n){r+=n[0],o+=n[0].length-1;continue}}if(t[o]==="\\"&&(t[o+1]==="["||t[o+1]==="]")){r+=t[o+1],o++;continue}r+=t[o]}return r}function fs(t,e,r,o,n){let i=e.href,a=e.title||null,l=dc(t[1],n),c=t[0].charAt(0)==="!",p=o.state.inLink,d=o.state.linkEmitted,h=o.state.inRawBlock;o.state.inLink=!0,o.state.linkEmitted=!1;let f=o.inlineTokens(l),g=o.state.linkEmitted;if(o.state.linkEmitted=d,o.state.inLink=p,!c){if(g){o.state.inRawBlock=h;return}o.state.linkEmitted=!0}return{type:c?"image":"link",raw:r,href:i,title:a,text:l,tokens:f}}function uc(t,e,r){let o=t.match(r.other.indentCodeCompensation);if(o===null)return e;let n=o[1];return e.split(`
`).map(i=>{let a=i.match(r.other.beginningSpace);if(a===null)return i;let[l]=a;return i.slice(Math.min(l.length,n.length))}).join(`
`)}function $s(t,e,r,o){if(!e.includes("<"))return!1;for(let n=0;n<e.length;n++){if(e[n]==="\\"){n++;continue}if(e[n]==="`"){let l=o.inline.code.exec(e.slice(n));if(l){n+=l[0].length-1;continue}}if(e[n]!=="<")continue;let i=t.slice(r+n),a=o.inline.tag.exec(i)||o.inline.autolink.exec(i);if(a){if(a[0].length>e.length-n)return!0;n+=a[0].length-1}}return!1}var Ue=class{options;rules;lexer;constructor(t){this.options=t||He}space(t){let e=this.rules.block.newline.exec(t);if(e&&e[0].length>0)return{type:"space",raw:e[0]}}code(t){let e=this.rules.block.code.exec(t);if(e){let r=this.options.pedantic?e[0]:ms(e[0]),o=r.replace(this.rules.other.codeRemoveIndent,"");return{type:"code",raw:r,codeBlockStyle:"indented",text:o}}}fences(t){let e=this.rules.block.fences.exec(t);if(e){let r=e[0],o=uc(r,e[3]||"",this.rules);return e[3]!==void 0&&(o===""||o.endsWith(`
`))&&(o+=`
`),{type:"code",raw:r,lang:e[2]?e[2].trim().replace(this.rules.inline.anyPunctuation,"$1"):e[2],text:o}}}heading(t){let e=this.rules.block.heading.exec(t);if(e){let r=e[2].trim();if(this.rules.other.endingHash.test(r)){let o=be(r,"#");(this.options.pedantic||!o||this.rules.other.endingSpaceTabChar.test(o))&&(r=o.trim())}return{type:"heading",raw:be(e[0],`
`),depth:e[1].length,text:r,tokens:this.lexer.inline(r)}}}hr(t){let e=this.rules.block.hr.exec(t);if(e)return{type:"hr",raw:be(e[0],`
`)}}blockquote(t){let e=this.rules.block.blockquote.exec(t);if(e){let r=be(e[0],`
`).split(`
`),o="",n="",i=[];for(;r.length>0;){let a=!1,l=[],c;for(c=0;c<r.length;c++)if(this.rules.other.blockquoteStart.test(r[c]))l.push(r[c]),a=!0;else if(!a)l.push(r[c]);else break;r=r.slice(c);let p=l.join(`
`),d=p.replace(this.rules.other.blockquoteMarkerWhitespace,(g,y,x)=>x.startsWith(" ")?y+" "+x.slice(1):y+nr(x,y.length)).replace(this.rules.other.blockquoteSetextReplace,`
    $1`).replace(this.rules.other.blockquoteSetextReplace2,"");o=o?`${o}
${p}`:p,n=n?`${n}
${d}`:d;let h=this.lexer.state.top;if(this.lexer.state.top=!0,this.lexer.blockTokens(d,i,!0),this.lexer.state.top=h,r.length===0)break;let f=i.at(-1);if(f?.type==="code"||f?.type==="heading"||f?.type==="hr"||f?.type==="html"||f?.type==="table")break;if(f?.type==="blockquote"){let g=f,y=r.join(`
`),x=g.raw+`
`+y.replace(this.rules.other.blockquoteSetextReplace2,""),S=this.blockquote(x);i[i.length-1]=S;let w=x.substring(S.raw.length).replace(/^\n/,""),_=w?w.split(`
`).length:0,L=_?r.slice(0,-_):r;if(L.length>0&&(o=`${o}
${L.join(`
`)}`),n=n.substring(0,n.length-g.text.length)+S.text,r=r.slice(L.length),r.length>0&&this.rules.other.blockquoteStart.test(r[0]))continue;break}else if(f?.type==="list"){let g=f,y=g.raw+`
`+r.join(`
`),x=this.list(y);i[i.length-1]=x;let S=x.raw.length>g.raw.length?y.slice(g.raw.length+1,x.raw.length).split(`
`).length:0;if(S>0){let w=r.slice(0,S).join(`
`);o=`${o}
${w}`,n=`${n}
${w}`}if(r=r.slice(S),r.length>0&&!this.rules.other.blockquoteStart.test(r[0]))break;continue}}return{type:"blockquote",raw:o,tokens:i,text:n}}}list(t){let e=this.rules.block.list.exec(t);if(e){if(!this.options.pedantic&&this.lexer.state.lastToken?.type==="text"&&!this.rules.other.listInterruptsParagraph.test(t))return;let r=t,o=()=>r.length-t.length,n=e[1].trim(),i=n.length>1,a={type:"list",raw:"",ordered:i,start:i?+n.slice(0,-1):"",loose:!1,items:[]};n=i?`\\d{1,9}\\${n.slice(-1)}`:`\\${n}`,this.options.pedantic&&(n=i?n:"[*+-]");let l=this.rules.other.listItemRegex(n),c=!1;for(;t;){let h=!1,f="";if(!(e=l.exec(t))||this.rules.block.hr.test(t))break;let g=o();t=t.substring(e[0].length);let y=e[2].split(`
`,1)[0],x=e[1].length,S=this.options.pedantic?nr(y,x):y.replace(this.rules.other.leadingSpaceTab,fe=>nr(fe,x)),w=t.split(`
`,1)[0],_=!S.trim(),L=0;if(this.options.pedantic?(L=2,f=S.trimStart()):_?L=x+1:(L=S.search(this.rules.other.nonSpaceChar),L=L>4?1:L,f=S.slice(L),L+=x),_&&this.rules.other.blankLine.test(w)&&(t=t.substring(w.length+1),h=!0),!h){let fe=this.rules.other.nextBulletRegex(L),G=this.rules.other.hrRegex(L),$e=this.rules.other.fencesBeginRegex(L),Be=this.options.pedantic?this.rules.other.pedanticHeadingBeginRegex(L):this.rules.other.headingBeginRegex(L),mt=this.rules.other.htmlBeginRegex(L),Pt=this.rules.other.blockquoteBeginRegex(L),Tr=!1;for(;t;){let bo=t.split(`
`,1)[0],Ve;if(w=bo,this.options.pedantic?(w=w.replace(this.rules.other.listReplaceNesting,"  "),Ve=w):Ve=w.replace(this.rules.other.leadingSpaceTab,se=>nr(se)),$e.test(w)||Be.test(w)||mt.test(w)||Pt.test(w)||fe.test(w)||G.test(w))break;if(Ve.search(this.rules.other.nonSpaceChar)>=L||!w.trim())f+=`
`+Ve.slice(L),Tr=!1;else{if(_)break;let se=S;if(!this.options.pedantic&&!f.includes(`
`)&&!S.includes("	")){let Ze;for(;!G.test(se)&&(Ze=this.rules.other.nestedBlockMarker.exec(se));)se=se.slice(Ze[0].length);if(!se.trim())break}if(se.replace(this.rules.other.tabCharGlobal,"    ").search(this.rules.other.nonSpaceChar)>=4||$e.test(se)||Be.test(se)||mt.test(se)||G.test(se))break;if(!this.options.pedantic&&!Tr){let Ze=S.replace(this.rules.other.nestedContainerMarkers,"");if(this.rules.block.fences.test(Ze)||this.rules.block.heading.test(Ze)||this.rules.block.hr.test(Ze))break}let Ea=!this.options.pedantic&&/^ {0,3}(?:=+|-+) *$/.test(w)&&this.rules.block.lheading.test(`${S}
${w}`)?`    ${Ve.replace(/^ {0,3}/,"")}`:w;f+=`
`+Ea,Tr=!0}_=!w.trim(),t=t.substring(bo.length+1),S=Ve.slice(L)}}let B=r.slice(g,o());a.loose||(c?a.loose=!0:this.rules.other.doubleBlankLine.test(B)&&(c=!0)),a.items.push({type:"list_item",raw:B,task:!!this.options.gfm&&this.rules.other.listIsTask.test(f),loose:!1,text:f,tokens:[]})}let p=a.items.at(-1);if(p)p.raw=p.raw.trimEnd(),p.text=p.text.trimEnd();else return;a.raw=r.slice(0,o()).trimEnd();let d=[];for(let h of a.items)if(this.lexer.state.top=!1,d.push(this.lexer.inlineQueue.length),h.tokens=this.lexer.blockTokens(h.text,[]),!a.loose){let f=h.tokens.filter(y=>y.type==="space"),g=f.length>0&&f.some(y=>this.rules.other.anyLine.test(y.raw));a.loose=g}for(let h=0;h<a.items.length;h++){let f=a.items[h],g=f.tokens[0];if(f.task&&(g?.type==="text"||g?.type==="paragraph")){f.text=f.text.replace(this.rules.other.listReplaceTask,""),g.raw=g.raw.replace(this.rules.other.listReplaceTask,""),g.text=g.text.replace(this.rules.other.listReplaceTask,"");let y=this.lexer.inlineQueue;for(let S=d[h];S<y.length;S++)if(y[S].tokens===g.tokens){y[S].src=y[S].src.replace(this.rules.other.listReplaceTask,"");break}let x=this.rules.other.listTaskCheckbox.exec(f.raw);if(x){let S={type:"checkbox",raw:x[0]+" ",checked:x[0]!=="[ ]"};f.checked=S.checked,a.loose?f.tokens[0]&&["paragraph","text"].includes(f.tokens[0].type)&&"tokens"in f.tokens[0]&&f.tokens[0].tokens?(f.tokens[0].raw=S.raw+f.tokens[0].raw,f.tokens[0].text=S.raw+f.tokens[0].text,f.tokens[0].tokens.unshift(S)):f.tokens.unshift({type:"paragraph",raw:S.raw,text:S.raw,tokens:[S]}):f.tokens.unshift(S)}}else f.task&&(f.task=!1)}if(a.loose)for(let h of a.items){h.loose=!0;for(let f of h.tokens)f.type==="text"&&(f.type="paragraph")}return a}}html(t){let e=this.rules.block.html.exec(t);if(e){if(this.lexer.state.lastToken?.type==="paragraph"&&!this.rules.other.htmlBeginRegex(4).test(t))return;let r=ms(e[0]);return{type:"html",block:!0,raw:r,pre:e[1]==="pre"||e[1]==="script"||e[1]==="style",text:r}}}def(t){let e=this.rules.block.def.exec(t);if(e){if(!this.rules.other.startAngleBracket.test(e[2])&&hs(e[2],"()")!==-1)return;let r=ir(e[1]),o=e[2]?e[2].replace(this.rules.other.hrefBrackets,"$1").replace(this.rules.inline.anyPunctuation,"$1"):"",n=e[3]?e[3].substring(1,e[3].length-1).replace(this.rules.inline.anyPunctuation,"$1"):e[3];return{type:"def",tag:r,raw:be(e[0],`
`),href:o,title:n}}}table(t){let e=this.rules.block.table.exec(t);if(!e||!this.rules.other.tableDelimiter.test(e[2]))return;let r=ps(e[1]),o=e[2].replace(this.rules.other.tableAlignChars,"").split("|"),n=e[3]?.trim()?e[3].replace(this.rules.other.tableRowBlankLine,"").split(`
`):[],i={type:"table",raw:be(e[0],`
`),header:[],align:[],rows:[]};if(r.length===o.length){for(let a of o)this.rules.other.tableAlignRight.test(a)?i.align.push("right"):this.rules.other.tableAlignCenter.test(a)?i.align.push("center"):this.rules.other.tableAlignLeft.test(a)?i.align.push("left"):i.align.push(null);for(let a=0;a<r.length;a++)i.header.push({text:r[a],tokens:this.lexer.inline(r[a]),header:!0,align:i.align[a]});for(let a of n)i.rows.push(ps(a,i.header.length).map((l,c)=>({text:l,tokens:this.lexer.inline(l),header:!1,align:i.align[c]})));return i}}lheading(t){let e=this.rules.block.lheading.exec(t);if(e){let r=e[1].trim();return{type:"heading",raw:be(e[0],`
`),depth:e[2].charAt(0)==="="?1:2,text:r,tokens:this.lexer.inline(r)}}}paragraph(t){let e=this.rules.block.paragraph.exec(t);if(e){let r=e[1].charAt(e[1].length-1)===`
`?e[1].slice(0,-1):e[1];return{type:"paragraph",raw:e[0],text:r,tokens:this.lexer.inline(r)}}}text(t){let e=this.rules.block.text.exec(t);if(e)return{type:"text",raw:e[0],text:e[0],tokens:this.lexer.inline(e[0])}}escape(t){if(t.charCodeAt(0)!==92)return;let e=this.rules.inline.escape.exec(t);if(e)return{type:"escape",raw:e[0],text:e[1]}}tag(t){if(t.charCodeAt(0)!==60)return;let e=this.rules.inline.tag.exec(t);if(e)return!this.lexer.state.inLink&&this.rules.other.startATag.test(e[0])?this.lexer.state.inLink=!0:this.lexer.state.inLink&&this.rules.other.endATag.test(e[0])&&(this.lexer.state.inLink=!1),!this.lexer.state.inRawBlock&&this.rules.other.startPreScriptTag.test(e[0])?this.lexer.state.inRawBlock=!0:this.lexer.state.inRawBlock&&this.rules.other.endPreScriptTag.test(e[0])&&(this.lexer.state.inRawBlock=!1),{type:"html",raw:e[0],inLink:this.lexer.state.inLink,inRawBlock:this.lexer.state.inRawBlock,block:!1,text:e[0]}}link(t){if(this.lexer.state.linkParenPossible===!1)return;let e=t.charCodeAt(0);if(e!==91&&e!==33)return;let r=this.rules.inline.link.exec(t);if(r){let o=r[0].charAt(0)==="!"?2:1;if(!this.options.pedantic&&$s(t,r[1],o,this.rules))return;let n=r[2].trim();if(!this.options.pedantic&&this.rules.other.startAngleBracket.test(n)){if(!this.rules.other.endAngleBracket.test(n))return;let c=be(n.slice(0,-1),"\\");if((n.length-c.length)%2===0)return}else{let c=hs(r[2],"()");if(c===-2)return;if(c>-1){let p=(r[0].indexOf("!")===0?5:4)+r[1].length+c;r[2]=r[2].substring(0,c),r[0]=r[0].substring(0,p).trim(),r[3]=""}}let i=be(r[0].slice(0,-1),"\\");if((r[0].length-i.length)%2===0)return;let a=r[2],l="";if(this.options.pedantic){let c=this.rules.other.pedanticHrefTitle.exec(a);c&&(a=c[1],l=c[3])}else l=r[3]?r[3].slice(1,-1):"";return a=a.trim(),this.rules.other.startAngleBracket.test(a)&&(this.options.pedantic&&!this.rules.other.endAngleBracket.test(n)?a=a.slice(1):a=a.slice(1,-1)),fs(r,{href:a&&a.replace(this.rules.inline.anyPunctuation,"$1"),title:l&&l.replace(this.rules.inline.anyPunctuation,"$1")},r[0],this.lexer,this.rules)}}reflink(t,e){let r=t.charCodeAt(0);if(r!==91&&r!==33)return;let o;if((o=this.rules.inline.reflink.exec(t))||(o=this.rules.inline.nolink.exec(t))){let n=o[0].charAt(0)==="!"?2:1;if(!this.options.pedantic&&$s(t,o[1],n,this.rules))return;let i=e[ir(o[2]||o[1])];if(!i){let a=o[0].charAt(0);return{type:"text",raw:a,text:a}}return fs(o,i,o[0],this.lexer,this.rules)}}emStrong(t,e,r=""){let o=this.rules.inline.emStrongLDelim.exec(t);if(!o||!o[1]&&!o[2]&&!o[3]&&!o[4])return;let n=o[0][0],i=r===n,a=e.length-t.length,l=a;for(;!this.options.pedantic&&l>0&&e[l-1]===n;)l--;let c=[...e.slice(Math.max(0,l-2),l)].at(-1)??"",p=c==="*"||c==="_"||!!this.rules.inline.punctuation.exec(c);l<a&&(r=c);let d=l<a?p:r==="*"||r==="_"||!!this.rules.inline.punctuation.exec(r);if(o[4]&&r.match(this.rules.other.unicodeAlphaNumeric))return;let h=o[1]||o[3]||"";if(!h||!r||d){let f=[...o[0]].length-1,g,y,x=f,S=0,w=a-l+f,_=!this.options.pedantic&&!!c.trim()&&(!!h||n==="*"&&!p);if(n!=="*"&&n!=="_")return;let L=n==="*"?this.rules.inline.emStrongRDelimAst:this.rules.inline.emStrongRDelimUnd,B=As(this,e,n),fe=e.length-t.length+f;if(B<fe)return;e=e.slice(-1*t.length+f);let G=B-fe;for(L.lastIndex=0;(o=L.exec(e))!==null&&!(o.index>G);){if(g=o[1]||o[2]||o[3]||o[4]||o[5]||o[6],!g)continue;if(y=[...g].length,o[3]||o[4]){x+=y;continue}else if((o[5]||o[6]||_)&&w%3&&!((w+y)%3)){if(i&&(o[5]||o[6]))break;S+=y;continue}if(x-=y,x>0)continue;y=Math.min(y,y+x+S);let $e=[...o[0]][0].length,Be=t.slice(0,f+o.index+$e+y);if(Math.min(f,y)%2){let Pt=Be.slice(1,-1);return{type:"em",raw:Be,text:Pt,tokens:this.lexer.inlineTokens(Pt)}}let mt=Be.slice(2,-2);return{type:"strong",raw:Be,text:mt,tokens:this.lexer.inlineTokens(mt)}}}}codespan(t){if(t.charCodeAt(0)!==96)return;let e=this.rules.inline.code.exec(t);if(e){let r=e[2].replace(this.rules.other.newLineCharGlobal," "),o=this.rules.other.nonSpaceChar.test(r),n=this.rules.other.startingSpaceChar.test(r)&&this.rules.other.endingSpaceChar.test(r);return o&&n&&(r=r.substring(1,r.length-1)),{type:"codespan",raw:e[0],text:r}}}br(t){let e=t.charCodeAt(0);if(e!==32&&e!==92&&e!==10)return;let r=this.rules.inline.br.exec(t);if(r)return{type:"br",raw:r[0]}}del(t,e,r=""){if(t.charCodeAt(0)!==126)return;let o=this.rules.inline.delLDelim.exec(t);if(o&&(!o[1]||!r||this.rules.inline.punctuation.exec(r))){let n=[...o[0]].length-1,i,a,l=n,c=this.rules.inline.delRDelim,p=Ls(this,e),d=e.length-t.length+n;if(p<d)return;e=e.slice(-1*t.length+n);let h=p-d;for(c.lastIndex=0;(o=c.exec(e))!==null&&!(o.index>h);){if(i=o[1]||o[2]||o[3]||o[4]||o[5]||o[6],!i||(a=[...i].length,a!==n))continue;if(o[3]||o[4]){l+=a;continue}if(l-=a,l>0)continue;a=Math.min(a,a+l);let f=[...o[0]][0].length,g=t.slice(0,n+o.index+f+a),y=g.slice(n,-n);return{type:"del",raw:g,text:y,tokens:this.lexer.inlineTokens(y)}}}}autolink(t){if(t.charCodeAt(0)!==60)return;let e=this.rules.inline.autolink.exec(t);if(e){let r,o;return e[2]==="@"?(r=e[1],o="mailto:"+r):(r=e[1],o=r),{type:"link",raw:e[0],text:r,href:o,autolink:!0,tokens:[{type:"text",raw:r,text:r}]}}}url(t){let e;if(e=this.rules.inline.url.exec(t)){let r,o;if(e[2]==="@")r=e[0],o="mailto:"+r;else{let n;do n=e[0],e[0]=this.rules.inline._backpedal.exec(e[0])?.[0]??"";while(n!==e[0]);r=e[0],e[1]==="www."?o="http://"+e[0]:o=e[0]}return{type:"link",raw:e[0],text:r,href:o,autolink:!0,tokens:[{type:"text",raw:r,text:r}]}}}inlineText(t){let e=this.rules.inline.text.exec(t);if(e){let r=this.lexer.state.inRawBlock;return{type:"text",raw:e[0],text:r?e[0]:ac(e[0]),escaped:r}}}},ne=class Ir{tokens;options;state;inlineQueue;tokenizer;constructor(e){this.tokens=[],this.tokens.links=Object.create(null),this.options=e||He,this.options.tokenizer=this.options.tokenizer||new Ue,this.tokenizer=this.options.tokenizer,this.tokenizer.options=this.options,this.tokenizer.lexer=this,this.inlineQueue=[],this.state={inLink:!1,inRawBlock:!1,linkEmitted:!1,linkParenPossible:!0,top:!0};let r={other:Z,block:or.normal,inline:wt.normal};this.options.pedantic?(r.block=or.pedantic,r.inline=wt.pedantic):this.options.gfm&&(r.block=or.gfm,this.options.breaks?r.inline=wt.breaks:r.inline=wt.gfm),this.tokenizer.rules=r}static get rules(){return{block:or,inline:wt}}static lex(e,r){return new Ir(r).lex(e)}static lexInline(e,r){return new Ir(r).inlineTokens(e)}lex(e){e=e.replace(Z.carriageReturn,`
`),this.blockTokens(e,this.tokens);for(let r=0;r<this.inlineQueue.length;r++){let o=this.inlineQueue[r];this.state.inRawBlock=!1,this.inlineTokens(o.src,o.tokens)}return this.inlineQueue=[],this.tokens}blockTokens(e,r=[],o=!1){this.tokenizer.lexer=this;let n=this.state.lastToken;this.options.pedantic&&(e=e.replace(Z.tabCharGlobal,"    ").replace(Z.spaceLine,""));let i=1/0,a,l=this.options.gfm&&!this.options.pedantic&&this.tokenizer.paragraph===Ue.prototype.paragraph;for(;e;){if(e.length<i)i=e.length;else{this.infiniteLoopError(e.charCodeAt(0));break}this.state.lastToken=r.at(-1);let c;if(this.options.extensions?.block?.some(d=>(c=d.call({lexer:this},e,r))?(e=e.substring(c.raw.length),r.push(c),!0):!1))continue;if(c=this.tokenizer.space(e)){e=e.substring(c.raw.length);let d=r.at(-1);c.raw.length===1&&d!==void 0?d.raw+=`
`:r.push(c);continue}if(c=this.tokenizer.code(e)){e=e.substring(c.raw.length);let d=r.at(-1);d?.type==="paragraph"||d?.type==="text"?(d.raw+=(d.raw.endsWith(`
`)?"":`
`)+c.raw,d.text+=`
`+c.text,this.inlineQueue.at(-1).src=d.text):r.push(c);continue}if(c=this.tokenizer.fences(e)){e=e.substring(c.raw.length),r.push(c);continue}if(c=this.tokenizer.heading(e)){e=e.substring(c.raw.length),r.push(c);continue}if(c=this.tokenizer.hr(e)){e=e.substring(c.raw.length),r.push(c);continue}if(c=this.tokenizer.blockquote(e)){e=e.substring(c.raw.length),r.push(c);continue}if(c=this.tokenizer.list(e)){e=e.substring(c.raw.length),r.push(c);continue}if(c=this.tokenizer.html(e)){e=e.substring(c.raw.length),r.push(c);continue}if(c=this.tokenizer.def(e)){e=e.substring(c.raw.length);let d=r.at(-1);d?.type==="paragraph"||d?.type==="text"?(d.raw+=(d.raw.endsWith(`
`)?"":`
`)+c.raw,d.text+=`
`+c.raw,this.inlineQueue.at(-1).src=d.text):(this.tokens.links[c.tag]||(this.tokens.links[c.tag]={href:c.href,title:c.title}),r.push(c));continue}if(c=this.tokenizer.table(e)){e=e.substring(c.raw.length),r.push(c);continue}if(c=this.tokenizer.lheading(e)){e=e.substring(c.raw.length),r.push(c);continue}let p=e;if(this.options.extensions?.startBlock){let d=1/0,h=e.slice(1),f;this.options.extensions.startBlock.forEach(g=>{f=g.call({lexer:this},h),typeof f=="number"&&f>=0&&(d=Math.min(d,f))}),d<1/0&&d>=0&&(p=e.substring(0,d+1))}if(this.state.top&&(c=this.tokenizer.paragraph(p))){let d=r.at(-1);(o||d===a&&l)&&d?.type==="paragraph"?(d.raw+=(d.raw.endsWith(`
`)?"":`
`)+c.raw,d.text+=`
`+c.text,this.inlineQueue.pop(),this.inlineQueue.at(-1).src=d.text,a=d):(r.push(c),a=c),o=p.length!==e.length,e=e.substring(c.raw.length);continue}if(c=this.tokenizer.text(e)){e=e.substring(c.raw.length);let d=r.at(-1);d?.type==="text"?(d.raw+=(d.raw.endsWith(`
`)?"":`
`)+c.raw,d.text+=`
`+c.text,this.inlineQueue.pop(),this.inlineQueue.at(-1).src=d.text):r.push(c);continue}if(e){this.infiniteLoopError(e.charCodeAt(0));break}}return this.state.top=!0,this.state.lastToken=n,r}inline(e,r=[]){return this.inlineQueue.push({src:e,tokens:r}),r}linkInText(e){if(!e.includes("["))return!1;let r=this.tokenizer.rules.inline.link;for(let o of e.matchAll(this.tokenizer.rules.inline.blockSkip))if(r.test(o[0])&&e.charAt(o.index-1)!=="!")return!0;for(let o of e.matchAll(this.tokenizer.rules.inline.reflinkSearch)){let n=o[0],i=n.lastIndexOf("[");if(!(n.charAt(0)==="!"||!Object.hasOwn(this.tokens.links,ir(n.slice(i+1,-1))))&&!(i>1&&this.linkInText(n.slice(1,i-1))))return!0}return!1}inlineTokens(e,r=[]){this.tokenizer.lexer=this;let o=this.state.linkParenPossible;this.state.linkParenPossible=e.includes(")");try{return this.#e(e,r)}finally{this.state.linkParenPossible=o}}#e(e,r){let o=e.includes("*")||e.includes("_")||e.includes("~"),n=o||this.options.hooks?.emStrongMask||this.tokenizer.emStrong!==Ue.prototype.emStrong||this.tokenizer.del!==Ue.prototype.del?this.#o(e):e;if(!o)return this.#r(e,n,r);lc(this.tokenizer,n);try{return this.#r(e,n,r)}finally{cc(this.tokenizer)}}#r(e,r,o){let n=!1,i="",a=1/0;for(;e;){if(e.length<a)a=e.length;else{this.infiniteLoopError(e.charCodeAt(0));break}n||(i=""),n=!1;let l;if(this.options.extensions?.inline?.some(d=>(l=d.call({lexer:this},e,o))?(e=e.substring(l.raw.length),o.push(l),!0):!1))continue;if(l=this.tokenizer.escape(e)){e=e.substring(l.raw.length),o.push(l);continue}if(l=this.tokenizer.tag(e)){e=e.substring(l.raw.length),o.push(l);continue}if(l=this.tokenizer.link(e)){e=e.substring(l.raw.length),o.push(l);continue}if(l=this.tokenizer.reflink(e,this.tokens.links)){e=e.substring(l.raw.length);let d=o.at(-1);l.type==="text"&&d?.type==="text"?(d.raw+=l.raw,d.text+=l.text):o.push(l);continue}let c=e[0];if(c==="*"||c==="_"){let d=r.length-e.length;if(As(this.tokenizer,r,c)<=d){let h=1;for(;h<e.length&&e.charCodeAt(h)===c.charCodeAt(0);)h++;let f=e.substring(0,h),g=o.at(-1);g?.type==="text"&&!g.escaped?(g.raw+=f,g.text+=f):o.push({type:"text",raw:f,text:f,escaped:!1}),e=e.substring(h),i=c,n=!0;continue}}else if(c==="~"){let d=r.length-e.length;if(Ls(this.tokenizer,r)<=d){let h=1;for(;h<e.length&&e.charCodeAt(h)===126;)h++;let f=e.substring(0,h),g=o.at(-1);g?.type==="text"&&!g.escaped?(g.raw+=f,g.text+=f):o.push({type:"text",raw:f,text:f,escaped:!1}),e=e.substring(h),i=c,n=!0;continue}}if(l=this.tokenizer.emStrong(e,r,i)){e=e.substring(l.raw.length),o.push(l);continue}if(l=this.tokenizer.codespan(e)){e=e.substring(l.raw.length),o.push(l);continue}if(l=this.tokenizer.br(e)){e=e.substring(l.raw.length),o.push(l);continue}if(l=this.tokenizer.del(e,r,i)){e=e.substring(l.raw.length),o.push(l);continue}if(l=this.tokenizer.autolink(e)){e=e.substring(l.raw.length),o.push(l);continue}if(!this.state.inLink&&(l=this.tokenizer.url(e))){e=e.substring(l.raw.length),o.push(l);continue}let p=e;if(this.options.extensions?.startInline){let d=1/0,h=e.slice(1),f;this.options.extensions.startInline.forEach(g=>{f=g.call({lexer:this},h),typeof f=="number"&&f>=0&&(d=Math.min(d,f))}),d<1/0&&d>=0&&(p=e.substring(0,d+1))}if(l=this.tokenizer.inlineText(p)){e=e.substring(l.raw.length),l.raw.slice(-1)!=="_"&&(i=l.raw.slice(-1)),n=!0;let d=o.at(-1);d?.type==="text"?(d.raw+=l.raw,d.text+=l.text):o.push(l);continue}if(e){this.infiniteLoopError(e.charCodeAt(0));break}}return o}#t(e){let{blockSkip:r,tag:o,autolink:n}=this.tokenizer.rules.inline,i="",a=0,l;for(r.lastIndex=0;l=r.exec(e);){let c=l.index+(l[2]?l[2].length:0),p=l.index+l[0].length;if(e.charAt(c)==="<"){let d=e.slice(c),h=o.exec(d)||n.exec(d);if(!h){r.lastIndex=c+1;continue}p=c+h[0].length,r.lastIndex=p}i+=e.slice(a,c)+"["+"a".repeat(p-c-2)+"]",a=p}return i+e.slice(a)}#o(e){let r=e;if(this.tokens.links&&e.includes("[")){let o=this.tokenizer.rules.inline.reflinkSearch,n=i=>{let a=i.lastIndexOf("[");if(!Object.hasOwn(this.tokens.links,ir(i.slice(a+1,-1))))return i;if(a>1&&i.charAt(0)!=="!"){let l=i.slice(1,a-1);if(this.linkInText(l))return"["+l.replace(o,n)+"]["+"a".repeat(i.length-a-2)+"]"}return"["+"a".repeat(i.length-2)+"]"};r=r.replace(o,n)}return r=r.replace(this.tokenizer.rules.inline.anyPunctuationOutsideCode,(o,n,i)=>i?"+".repeat(o.length):n?n+o.slice(n.length,-n.length).replace(/`/g,"+")+n:o),r=this.#t(r),r=this.options.hooks?.emStrongMask?.call({lexer:this},r)??r,r}infiniteLoopError(e){let r="Infinite loop on byte: "+e;if(this.options.silent)console.error(r);else throw new Error(r)}},ar=class{options;parser;constructor(t){this.options=t||He}space(t){return""}code({text:t,lang:e,escaped:r}){let o=(e||"").match(Z.notSpaceStart)?.[0],n=t?t.replace(Z.endingNewline,"")+`
`:"";return o?'<pre><code class="language-'+oe(o)+'">'+(r?n:oe(n,!0))+`</code></pre>
`:"<pre><code>"+(r?n:oe(n,!0))+`</code></pre>
`}blockquote({tokens:t}){return`<blockquote>
${this.parser.parse(t)}</blockquote>
`}html({text:t}){return t}def(t){return""}heading({tokens:t,depth:e}){return`<h${e}>${this.parser.parseInline(t)}</h${e}>
`}hr(t){return`<hr>
`}list(t){let e=t.ordered,r=t.start,o="";for(let a=0;a<t.items.length;a++){let l=t.items[a];o+=this.listitem(l)}let n=e?"ol":"ul",i=e&&r!==1?' start="'+r+'"':"";return"<"+n+i+`>
`+o+"</"+n+`>
`}listitem(t){return`<li>${this.parser.parse(t.tokens)}</li>
`}checkbox({checked:t}){return"<input "+(t?'checked="" ':"")+'disabled="" type="checkbox"> '}paragraph({tokens:t}){return`<p>${this.parser.parseInline(t)}</p>
`}table(t){let e="",r="";for(let n=0;n<t.header.length;n++)r+=this.tablecell(t.header[n]);e+=this.tablerow({text:r});let o="";for(let n=0;n<t.rows.length;n++){let i=t.rows[n];r="";for(let a=0;a<i.length;a++)r+=this.tablecell(i[a]);o+=this.tablerow({text:r})}return o&&(o=`<tbody>${o}</tbody>`),`<table>
<thead>
`+e+`</thead>
`+o+`</table>
`}tablerow({text:t}){return`<tr>
${t}</tr>
`}tablecell(t){let e=this.parser.parseInline(t.tokens),r=t.header?"th":"td";return(t.align?`<${r} align="${t.align}">`:`<${r}>`)+e+`</${r}>
`}strong({tokens:t}){return`<strong>${this.parser.parseInline(t)}</strong>`}em({tokens:t}){return`<em>${this.parser.parseInline(t)}</em>`}codespan({text:t}){return`<code>${oe(t,!0)}</code>`}br(t){return"<br>"}del({tokens:t}){return`<del>${this.parser.parseInline(t)}</del>`}link({href:t,title:e,text:r,tokens:o,autolink:n}){let i=n?oe(r,!0):this.parser.parseInline(o),a=us(t);if(a===null)return i;t=oe(a,n);let l='<a href="'+t+'"';return e&&(l+=' title="'+oe(e)+'"'),l+=">"+i+"</a>",l}image({href:t,title:e,text:r,tokens:o}){o&&(r=this.parser.parseInline(o,this.parser.textRenderer));let n=us(t);if(n===null)return oe(r);t=n;let i=`<img src="${oe(t)}" alt="${oe(r)}"`;return e&&(i+=` title="${oe(e)}"`),i+=">",i}text(t){return"tokens"in t&&t.tokens?this.parser.parseInline(t.tokens):"escaped"in t&&t.escaped?t.text:oe(t.text)}},Vr=class{parser;strong({text:t,tokens:e}){return e?this.parser.parseInline(e,this):t}em({text:t,tokens:e}){return e?this.parser.parseInline(e,this):t}codespan({text:t}){return t}del({text:t,tokens:e}){return e?this.parser.parseInline(e,this):t}html({text:t}){return t}text({text:t}){return t}link({text:t,tokens:e}){return e?this.parser.parseInline(e,this):t}image({text:t,tokens:e}){return e?this.parser.parseInline(e,this):t}br(){return`
`}checkbox({raw:t}){return t}},ue=class Or{options;renderer;textRenderer;constructor(e){this.options=e||He,this.options.renderer=this.options.renderer||new ar,this.renderer=this.options.renderer,this.renderer.options=this.options,this.renderer.parser=this,this.textRenderer=new Vr,this.textRenderer.parser=this}static parse(e,r){return new Or(r).parse(e)}static parseInline(e,r){return new Or(r).parseInline(e)}parse(e){this.renderer.parser=this;let r="";for(let o=0;o<e.length;o++){let n=e[o];if(this.options.extensions?.renderers?.[n.type]){let a=n,l=this.options.extensions.renderers[a.type].call({parser:this},a);if(l!==!1||!["space","hr","heading","code","table","blockquote","list","checkbox","html","def","paragraph","text"].includes(a.type)){r+=l===!1?"":l??"";continue}}let i=n;switch(i.type){case"space":{r+=this.renderer.space(i);break}case"hr":{r+=this.renderer.hr(i);break}case"heading":{r+=this.renderer.heading(i);break}case"code":{r+=this.renderer.code(i);break}case"table":{r+=this.renderer.table(i);break}case"blockquote":{r+=this.renderer.blockquote(i);break}case"list":{r+=this.renderer.list(i);break}case"checkbox":{r+=this.renderer.checkbox(i);break}case"html":{r+=this.renderer.html(i);break}case"def":{r+=this.renderer.def(i);break}case"paragraph":{r+=this.renderer.paragraph(i);break}case"text":{r+=this.renderer.text(i);break}default:{let a='Token with "'+i.type+'" type was not found.';if(this.options.silent)return console.error(a),"";throw new Error(a)}}}return r}parseInline(e,r=this.renderer){this.renderer.parser=this;let o="";for(let n=0;n<e.length;n++){let i=e[n];if(this.options.extensions?.renderers?.[i.type]){let l=this.options.extensions.renderers[i.type].call({parser:this},i);if(l!==!1||!["escape","html","link","image","checkbox","strong","em","codespan","br","del","text"].includes(i.type)){o+=l===!1?"":l??"";continue}}let a=i;switch(a.type){case"escape":{o+=r.text(a);break}case"html":{o+=r.html(a);break}case"link":{o+=r.link(a);break}case"image":{o+=r.image(a);break}case"checkbox":{o+=r.checkbox(a);break}case"strong":{o+=r.strong(a);break}case"em":{o+=r.em(a);break}case"codespan":{o+=r.codespan(a);break}case"br":{o+=r.br(a);break}case"del":{o+=r.del(a);break}case"text":{o+=r.text(a);break}default:{let l='Token with "'+a.type+'" type was not found.';if(this.options.silent)return console.error(l),"";throw new Error(l)}}}return o}},xt=class{options;block;constructor(t){this.options=t||He}static passThroughHooks=new Set(["preprocess","postprocess","processAllTokens","emStrongMask"]);static passThroughHooksRespectAsync=new Set(["preprocess","postprocess","processAllTokens"]);preprocess(t){return t}postprocess(t){return t}processAllTokens(t){return t}emStrongMask(t){return t}provideLexer(t=this.block){return t?ne.lex:ne.lexInline}provideParser(t=this.block){return t?ue.parse:ue.parseInline}};function De(t,e){if(Array.isArray(e))for(let r=0;r<e.length;r++)t.push(e[r]);else t.push(e)}var pc=class{defaults=Mr();options=this.setOptions;parse=this.parseMarkdown(!0);parseInline=this.parseMarkdown(!1);Parser=ue;Renderer=ar;TextRenderer=Vr;Lexer=ne;Tokenizer=Ue;Hooks=xt;constructor(...t){this.use(...t)}walkTokens(t,e){let r=[];for(let o of t)switch(De(r,e.call(this,o)),o.type){case"table":{let n=o;for(let i of n.header)De(r,this.walkTokens(i.tokens,e));for(let i of n.rows)for(let a of i)De(r,this.walkTokens(a.tokens,e));break}case"list":{let n=o;De(r,this.walkTokens(n.items,e));break}default:{let n=o;this.defaults.extensions?.childTokens?.[n.type]?this.defaults.extensions.childTokens[n.type].forEach(i=>{let a=n[i].flat(1/0);De(r,this.walkTokens(a,e))}):n.tokens&&De(r,this.walkTokens(n.tokens,e))}}return r}use(...t){let e=this.defaults.extensions||{renderers:Object.create(null),childTokens:Object.create(null)};return t.forEach(r=>{let o={...r};if(o.async=this.defaults.async||o.async||!1,r.extensions&&(r.extensions.forEach(n=>{if(!n.name)throw new Error("extension name required");if("renderer"in n){let i=e.renderers[n.name];i?e.renderers[n.name]=function(...a){let l=n.renderer.apply(this,a);return l===!1&&(l=i.apply(this,a)),l}:e.renderers[n.name]=n.renderer}if("tokenizer"in n){if(!n.level||n.level!=="block"&&n.level!=="inline")throw new Error("extension level must be 'block' or 'inline'");let i=e[n.level];i?i.unshift(n.tokenizer):e[n.level]=[n.tokenizer],n.start&&(n.level==="block"?e.startBlock?e.startBlock.push(n.start):e.startBlock=[n.start]:n.level==="inline"&&(e.startInline?e.startInline.push(n.start):e.startInline=[n.start]))}"childTokens"in n&&n.childTokens&&(e.childTokens[n.name]=n.childTokens)}),o.extensions=e),r.renderer){let n=this.defaults.renderer||new ar(this.defaults);for(let i in r.renderer){if(!(i in n))throw new Error(`renderer '${i}' does not exist`);if(["options","parser"].includes(i))continue;let a=i,l=r.renderer[a],c=n[a];n[a]=(...p)=>{let d=l.apply(n,p);return d===!1&&(d=c.apply(n,p)),d===!1?"":d??""}}o.renderer=n}if(r.tokenizer){let n=this.defaults.tokenizer||new Ue(this.defaults);for(let i in r.tokenizer){if(!(i in n))throw new Error(`tokenizer '${i}' does not exist`);if(["options","rules","lexer"].includes(i))continue;let a=i,l=r.tokenizer[a],c=n[a];n[a]=(...p)=>{let d=l.apply(n,p);return d===!1&&(d=c.apply(n,p)),d}}o.tokenizer=n}if(r.hooks){let n=this.defaults.hooks||new xt;for(let i in r.hooks){if(!(i in n))throw new Error(`hook '${i}' does not exist`);if(["options","block"].includes(i))continue;let a=i,l=r.hooks[a],c=n[a];xt.passThroughHooks.has(i)?n[a]=p=>{if(n.options.async&&xt.passThroughHooksRespectAsync.has(i))return(async()=>{let h=await l.call(n,p);return c.call(n,h)})();let d=l.call(n,p);return c.call(n,d)}:n[a]=(...p)=>{if(n.options.async)return(async()=>{let h=await l.apply(n,p);return h===!1&&(h=await c.apply(n,p)),h})();let d=l.apply(n,p);return d===!1&&(d=c.apply(n,p)),d}}o.hooks=n}if(r.walkTokens){let n=this.defaults.walkTokens,i=r.walkTokens;o.walkTokens=function(a){let l=[];return De(l,i.call(this,a)),n&&De(l,n.call(this,a)),l}}this.defaults={...this.defaults,...o}}),this}setOptions(t){return this.defaults={...this.defaults,...t},this}lexer(t,e){return ne.lex(t,e??this.defaults)}parser(t,e){return ue.parse(t,e??this.defaults)}parseMarkdown(t){return(e,r)=>{let o={...r},n={...this.defaults,...o},i=this.onError(!!n.silent,!!n.async);if(this.defaults.async===!0&&o.async===!1)return i(new Error("marked(): The async option was set to true by an extension. Remove async: false from the parse options object to return a Promise."));if(typeof e>"u"||e===null)return i(new Error("marked(): input parameter is undefined or null"));if(typeof e!="string")return i(new Error("marked(): input parameter is of type "+Object.prototype.toString.call(e)+", string expected"));if(n.hooks&&(n.hooks.options=n,n.hooks.block=t),n.async)return(async()=>{let a=n.hooks?await n.hooks.preprocess(e):e,l=await(n.hooks?await n.hooks.provideLexer(t):t?ne.lex:ne.lexInline)(a,n),c=n.hooks?await n.hooks.processAllTokens(l):l;n.walkTokens&&await Promise.all(this.walkTokens(c,n.walkTokens));let p=await(n.hooks?await n.hooks.provideParser(t):t?ue.parse:ue.parseInline)(c,n);return n.hooks?await n.hooks.postprocess(p):p})().catch(i);try{n.hooks&&(e=n.hooks.preprocess(e));let a=(n.hooks?n.hooks.provideLexer(t):t?ne.lex:ne.lexInline)(e,n);n.hooks&&(a=n.hooks.processAllTokens(a)),n.walkTokens&&this.walkTokens(a,n.walkTokens);let l=(n.hooks?n.hooks.provideParser(t):t?ue.parse:ue.parseInline)(a,n);return n.hooks&&(l=n.hooks.postprocess(l)),l}catch(a){return i(a)}}}onError(t,e){return r=>{if(r.message+=`
Please report this to https://github.com/markedjs/marked.`,t){let o="<p>An error occurred:</p><pre>"+oe(r.message+"",!0)+"</pre>";return e?Promise.resolve(o):o}if(e)return Promise.reject(r);throw r}}},je=new pc;function D(t,e){return je.parse(t,e)}D.options=D.setOptions=function(t){return je.setOptions(t),D.defaults=je.defaults,gs(D.defaults),D};D.getDefaults=Mr;D.defaults=He;function mc(...t){return je.use(...t),D.defaults=je.defaults,gs(D.defaults),D}D.use=mc;D.walkTokens=function(t,e){return je.walkTokens(t,e)};D.parseInline=je.parseInline;D.Parser=ue;D.parser=ue.parse;D.Renderer=ar;D.TextRenderer=Vr;D.Lexer=ne;D.lexer=ne.lex;D.Tokenizer=Ue;D.Hooks=xt;D.parse=D;var Ah=D.options,Lh=D.setOptions,_h=D.walkTokens,Rh=D.parseInline;var Ph=ue.parse,Eh=ne.lex;var At={characters:5e4,inlineCharacters:4e3,depth:16,nodes:5e3},Zr=class extends ne{#e=0;blockTokens(e,r=[],o){return this.#r(e,r,()=>super.blockTokens(e,r,o))}inlineTokens(e,r=[]){return e.length>At.inlineCharacters?_s(e,r):this.#r(e,r,()=>super.inlineTokens(e,r))}#r(e,r,o){if(this.#e>=At.depth)return _s(e,r);this.#e++;try{return o()}finally{this.#e--}}};function _s(t,e){return e.push({type:"text",raw:t,text:t}),e}var Qr=t=>t.slice(0,At.characters);function Ps(t,e=()=>{}){let r=new Zr({gfm:!0}).lex(Qr(t)),o=new Kr(r,e);return{nodes:o.children(r),truncated:o.isFull||t.length>At.characters}}var Kr=class{#e=At.nodes;#r;#t;constructor(e,r){this.#t=r;let o=e.filter(({type:n})=>n==="heading").map(({depth:n})=>n);this.#r=3-Math.min(6,...o)}get isFull(){return this.#e<=0}children(e){return this.#o(e,r=>this.#s(r))}#o(e,r){let o=[];for(let n of e){if(this.isFull)break;this.#e--,o.push(r(n))}return o}#s(e){switch(e.type){case"space":case"def":case"checkbox":return null;case"heading":return I(`h${Math.min(e.depth+this.#r,6)}`,null,this.#n(e));case"paragraph":return I("p",null,this.#n(e));case"blockquote":case"strong":case"em":case"del":return I(e.type,null,this.#n(e));case"list":return I(e.ordered?"ol":"ul",e.ordered&&e.start!==1?{start:e.start}:null,this.#o(e.items,r=>this.#a(r)));case"table":return this.#l(e);case"code":return I("pre",null,I("code",null,e.text));case"codespan":return I("code",null,e.text);case"hr":case"br":return I(e.type,null);case"link":return this.#i(e.autolink?e.href:lr(e.href),this.#n(e));case"image":return Rs(lr(e.href),lr(e.text??"")||"Image");default:return this.#n(e)}}#n(e){if(e.tokens)return this.children(e.tokens);let r=e.text??e.raw;return e.type==="text"&&e.escaped===!1?lr(r):r}#i(e,r){let o=this.#t(e);return o===void 0?Rs(e,r):I("button",{type:"button",class:"link","data-at":o},r)}#a(e){return e.task?I("li",{class:e.checked?"task done":"task"},I("span",{class:"box","aria-hidden":"true"}),I("span",{class:"hidden"},e.checked?"Done: ":"To do: "),this.#n(e)):I("li",null,this.#n(e))}#l(e){let r=o=>n=>I(o,n.align?{class:`align-${n.align}`}:null,this.#n(n));return I("div",{class:"table-scroll"},I("table",null,I("thead",null,I("tr",null,this.#o(e.header,r("th")))),I("tbody",null,this.#o(e.rows,o=>I("tr",null,this.#o(o,r("td")))))))}};function Rs(t,e){let r=ee(t,Wo);return r?I("a",{href:r,target:"_blank",rel:"noopener noreferrer"},e):e}var hc={amp:"&",lt:"<",gt:">",quot:'"',apos:"'",nbsp:"\xA0",ndash:"\u2013",mdash:"\u2014",hellip:"\u2026",rsquo:"\u2019",lsquo:"\u2018"};function lr(t){return t.replace(/&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|([a-z]+));/g,(e,r,o,n)=>{if(n)return hc[n]??e;let i=r?Number(r):parseInt(o,16);return i>0&&i<=1114111?String.fromCodePoint(i):"\uFFFD"})}function Es({text:t,onSeek:e}){return s`
		<${Lr} key=${t} fallback=${s`<p class="plain-text" dir="auto">${Qr(t)}</p>`}>
			<${fc} text=${t} onSeek=${e} />
		</${Lr}>`}function fc({text:t,onSeek:e}){let r=!!e,{nodes:o,truncated:n}=K(()=>Ps(t,r?rs:void 0),[t,r]);return s`
		<div class="prose" dir="auto" onClick=${a=>{let l=a.target.closest("[data-at]")?.dataset.at;l!==void 0&&e?.(Number(l))}}>${o}</div>
		${n&&s`<p class="muted">Only the beginning is shown, because this text is very long.</p>`}`}var Gr={summary:"summary",action_items:"action items",highlights:"highlights",transcript:"transcript"};function Ds(t,e){let r=Gr[e];switch(t){case"waiting":return"Not ready yet. Fathom is asked again automatically.";case"none":return`Fathom has no ${r} for this meeting.`;default:return`The ${r} ${r.endsWith("s")?"have":"has"} not been copied yet. Fathom is asked after the next sync.`}}function Fs({workspace:{jobs:t},meeting:e,part:r}){let{run:o,busy:n,error:i}=k(()=>t.requestParts(e.recording_id)),a=t.all.some(c=>c.kind==="fathom.parts"&&c.payload?.recording_id===e.recording_id&&ve(c)),l=e.parts?.[r];return l==="ready"?s`<p class="muted">Loading…</p>`:s`
		<p class="muted">
			${Ds(l,r)}${" "}
			<${u} kind="link" busy=${n||a} aria-label=${`Ask Fathom again for the ${Gr[r]}`} onClick=${o}>
				${a?"Asking Fathom\u2026":"Ask Fathom again"}
			</${u}>
			${i&&s`<span class="error" role="alert">${b(i)}</span>`}
		</p>`}function Xr({label:t,tabs:e,current:r,onChoose:o,children:n}){let i=U(null);return s`
		<div class="tabs">
			<div role="tablist" aria-label=${t} ref=${i} onKeyDown=${l=>{let c=e.findIndex(({name:f})=>f===r),d={ArrowLeft:c-1+e.length,ArrowRight:c+1,Home:0,End:e.length-1}[l.key];if(d===void 0||l.ctrlKey||l.altKey||l.metaKey||l.shiftKey)return;l.preventDefault();let h=d%e.length;o(e[h].name),i.current?.querySelectorAll("[role=tab]")[h]?.focus()}}>
				${e.map(({name:l,label:c})=>s`
					<button key=${l} type="button" role="tab" id=${`tab-${l}`} aria-selected=${l===r?"true":"false"}
						aria-controls=${l===r?`panel-${l}`:void 0} tabindex=${l===r?0:-1} onClick=${()=>o(l)}>${c}</button>`)}
			</div>
			<div key=${r} class="tab-panel" role="tabpanel" id=${`panel-${r}`} aria-labelledby=${`tab-${r}`} tabindex="0">${n}</div>
		</div>`}async function We(t,e){try{await navigator.clipboard.writeText(t),Ce(e)}catch{Ce("Your browser doesn\u2019t allow copying here. Select the text and copy it.")}}var $c="Unknown speaker",gc=600,kc=1e4;function Bs(t){let e=[],[r,o,n]=[0,0,0];for(let i of t){let a=(i.text??"").trim();if(r=tt(i.timestamp)??r,!a)continue;let l=i.speaker?.display_name||$c,c={start:r,text:a},p=e.at(-1);p?.speaker===l&&n<gc?p.lines.push(c):(e.push({speaker:l,start:r,lines:[c],first:o}),n=0),n+=a.length,o++}return e}var Is=t=>t.flatMap(({lines:e})=>e),Os=(t,e)=>t.findLastIndex(({start:r})=>r<=e),Jr=({speaker:t,start:e,lines:r})=>`${t} (${te(e)})
${r.map(({text:o})=>o).join(" ")}`,Ms=t=>t.map(Jr).join(`

`);function qs(t,e){let r=e.trim();if(!r)return[];let o=new RegExp(r.replace(/[\\^$.*+?()[\]{}|/]/g,"\\$&").replace(/\s+/g,"\\s+"),"giu"),n=[];for(let[i,{text:a}]of t.entries())for(let l of a.matchAll(o))if(n.push({line:i,range:[l.index,l.index+l[0].length]}),n.length===kc)return n;return n}var Ns=.3,bc=4;function zs(t,e){let[r,o]=$(!0),n=le(()=>o(!0),[]),i=le(()=>o(!1),[]);v(()=>(e?.addEventListener("seeking",n),()=>e?.removeEventListener("seeking",n)),[e]);let a=le(l=>{t.current&&!yc(t.current)&&Us(t.current,l)},[]);return{isFollowing:r,follow:n,leave:i,reveal:a}}function yc(t){let e=getSelection();return!!(e&&!e.isCollapsed&&e.anchorNode&&t.contains(e.anchorNode))}function vc(t,e){let{top:r}=t.getBoundingClientRect(),o=a=>a.getBoundingClientRect().top-r,n=o(e)-t.clientHeight*Ns,i=e.closest("li");for(;i&&o(i)>n;)i=i.previousElementSibling;return i&&n-o(i)<t.clientHeight*Ns?o(i):n}function Us(t,e,r){let o=vc(t,e),n=r!==void 0||Math.abs(o)>t.clientHeight,i=matchMedia("(prefers-reduced-motion: reduce)").matches;t.scrollBy({top:o,behavior:n||i?"instant":"smooth"});let a=r??bc;n&&a>0&&requestAnimationFrame(()=>Us(t,e,a-1))}function cr(t,e){return e?.length?an(t,e).map(r=>r.isMatch?s`<mark>${r.text}</mark>`:r.text):t}var js=100;function Hs({id:t,passages:e,matches:r,needed:o,onSeek:n}){let[i,a]=$(js),l=Math.max(i,e.findLastIndex(({first:d})=>d<=o)+1);v(()=>{if(l>=e.length)return;let d=setTimeout(()=>a(l+js));return()=>clearTimeout(d)},[l,e]);let c=d=>{let h=d.target.closest(".line")?.dataset.at;h!==void 0&&getSelection()?.isCollapsed&&n?.(Number(h))},p=K(()=>{let d=wc(r);return e.map(h=>s`<${xc} key=${h.first} id=${t} passage=${h} ranges=${d} onSeek=${n} />`)},[t,e,r,n]);return s`<ol class=${n?"transcript seekable":"transcript"} onClick=${c}>${p.slice(0,l)}</ol>`}function wc(t){let e=new Map;for(let{line:r,range:o}of t)e.set(r,[...e.get(r)??[],o]);return e}function xc({id:t,passage:e,ranges:r,onSeek:o}){let{speaker:n,start:i,lines:a,first:l}=e,c=te(i);return s`
		<li>
			<div class="speaker">
				<strong dir="auto">${n}</strong> <${lt} at=${i} onSeek=${o} />
				<span class="passage-tools">
					<button type="button" aria-label=${`Copy what ${n} says at ${c}`} title="Copy" onClick=${()=>We(Jr(e),"The passage is copied.")}><${To} /></button>
					<button type="button" aria-label=${`Copy link to ${c}`} title="Copy link" onClick=${()=>We(Ke(t,i),`The link to ${c} is copied.`)}><${Lo} /></button>
				</span>
			</div>
			<p dir="auto">${a.map((p,d)=>s`<span class="line" data-line=${l+d} data-at=${p.start}>${cr(p.text,r.get(l+d))}</span>${" "}`)}</p>
		</li>`}function Ws({query:t,count:e,chosen:r,onSearch:o,onChoose:n}){let i=c=>e&&n((r+c+e)%e),a=c=>{if(!c.isComposing){if(c.key==="Escape"&&t)o("");else if(c.key==="Enter")i(c.shiftKey?-1:1);else return;c.preventDefault()}},l=!!t.trim();return s`
		<div class="transcript-search" role="search">
			<input type="search" aria-label="Search in the transcript" placeholder="Search in the transcript" autocomplete="off" value=${t}
				onInput=${c=>o(c.currentTarget.value)} onKeyDown=${a} />
			<span class="muted" role="status">${l&&(e?`${r+1} of ${e}`:"Not found")}</span>
			${e>1&&s`
				<${u} kind="quiet small" aria-label="Previous match" onClick=${()=>i(-1)}><${_o} /></${u}>
				<${u} kind="quiet small" aria-label="Next match" onClick=${()=>i(1)}><${Co} /></${u}>`}
		</div>`}function Ys({id:t,transcript:e,missing:r,media:o,at:n,onSeek:i}){let a=K(()=>Bs(e?.items??[]),[e]),l=K(()=>Is(a),[a]),c=rr(o,le(B=>B>0?Os(l,B):-1,[l]),n),[p,d]=$(""),h=K(()=>qs(l,p),[l,p]),[f,g]=$(0),y=U(null),{isFollowing:x,follow:S,leave:w,reveal:_}=zs(y,o);v(()=>{let B=Sc(y.current,c);B&&x&&_(B)},[c,a,x]),v(()=>{let B=Tc(y.current,f);B&&(w(),_(B))},[h,f]);let L=()=>{S(),y.current?.focus({preventScroll:!0})};return a.length?s`
		<div class="transcript-tools">
			<${Ws} query=${p} count=${h.length} chosen=${f} onChoose=${g}
				onSearch=${B=>{d(B),g(0)}} />
			<${u} kind="quiet small" onClick=${()=>We(Ms(a),"The transcript is copied.")}>Copy transcript</${u}>
		</div>
		<div class="transcript-pane" ref=${y} tabindex="-1" onWheel=${w} onTouchMove=${w} onPointerDown=${Cc(w)} onKeyDown=${Lc(w)}>
			<${Hs} id=${t} passages=${a} matches=${h} needed=${Math.max(c,h[f]?.line??-1)} onSeek=${i} />
		</div>
		${o&&!x&&s`<${u} kind="primary small follow" onClick=${L}>Follow again</${u}>`}`:r}function Sc(t,e){for(let o of t?.querySelectorAll(".line[aria-current], .marked")??[])o.removeAttribute("aria-current"),o.classList.remove("marked");let r=t?.querySelector(`[data-line="${e}"]`)??null;return r?.setAttribute("aria-current","true"),r?.closest("li")?.classList.add("marked"),r}function Tc(t,e){t?.querySelector("mark.chosen")?.classList.remove("chosen");let r=t?.querySelectorAll("mark")[e];return r?.classList.add("chosen"),r}var Cc=t=>e=>e.target===e.currentTarget&&t(),Ac=["ArrowUp","ArrowDown","PageUp","PageDown","Home","End"," "],Lc=t=>e=>Ac.includes(e.key)&&t();var _c=[{name:"transcript",label:"Transcript"},{name:"summary",label:"Summary"},{name:"actions",label:"Actions"}];function Vs({workspace:t,details:e,meeting:r,media:o,at:n,tab:i,onSeek:a}){let l=e.transcript.value,[c]=$(()=>l?.items?.length?"transcript":"summary"),p=i??c,d=h=>s`<${Fs} workspace=${t} meeting=${r} part=${h} />`;return s`
		<${Xr} label="About this meeting" tabs=${_c} current=${p} onChoose=${Rc}>
			${p==="transcript"&&s`
				<h2 class="hidden">Transcript</h2>
				<${Ys} id=${r.id} transcript=${l} missing=${d("transcript")} media=${o} at=${n} onSeek=${a} />`}
			${p==="summary"&&s`
				<section class="tab-text">
					<h2 class="hidden">Summary</h2>
					${r.summary?s`<${Es} text=${r.summary} onSeek=${a} />`:d("summary")}
				</section>`}
			${p==="actions"&&s`
				<div class="tab-text">
					<${ss} items=${r.action_items} missing=${d("action_items")} onSeek=${a} />
					<${is} items=${r.highlights} missing=${d("highlights")} onSeek=${a} />
				</div>`}
		</${Xr}>`}function Rc(t){let e=new URL(location.href);e.searchParams.set("tab",t),ce(e.href,{replace:!0})}async function Zs(t,{id:e,recorded_at:r}){let o=async(a,l)=>(await t.collection("meetings").getList(1,1,{fields:"id,title",filter:t.filter(a,{at:r,id:e}),sort:l,skipTotal:!0})).items[0]??null,[n,i]=await Promise.all([o("recorded_at > {:at} || (recorded_at = {:at} && id < {:id})","recorded_at,-id"),o("recorded_at < {:at} || (recorded_at = {:at} && id > {:id})","-recorded_at,id")]);return{previous:n,next:i}}function Ks({neighbours:{previous:t,next:e},tab:r}){return s`
		<nav class="neighbours" aria-label="Other meetings">
			${t&&s`<a rel="prev" href=${Q(t.id,r)} title=${M(t.title)} aria-label=${`Previous: ${M(t.title)}`}><${Qe} />Previous</a>`}
			${e&&s`<a rel="next" href=${Q(e.id,r)} title=${M(e.title)} aria-label=${`Next: ${M(e.title)}`}>Next<${Ao} /></a>`}
		</nav>`}function Qs(t,e){let[r,o]=$({previous:null,next:null});return v(()=>{let n=!1;return Zs(t,e).then(i=>n||o(i)).catch(()=>{}),()=>{n=!0}},[t,e.id,e.recorded_at]),r}function Gs(t,e){let{rate:r,captions:o}=pe.value;v(()=>{t&&(t.defaultPlaybackRate=r,t.playbackRate=r)},[t,r]),v(()=>{let n=gt(t);n&&n.mode==="showing"!==o&&(n.mode=o?"showing":"disabled")},[t,e,o]),v(()=>{if(!t)return;let n=()=>Et.includes(t.playbackRate)&&t.playbackRate!==pe.value.rate&&xe({rate:t.playbackRate}),i=()=>{let a=gt(t),l=a?.mode==="showing";a&&l!==pe.value.captions&&xe({captions:l})};return t.addEventListener("ratechange",n),t.textTracks.addEventListener("change",i),()=>{t.removeEventListener("ratechange",n),t.textTracks.removeEventListener("change",i)}},[t])}function Xs(t,e){let[r,o]=$("");return v(()=>{if(!e)return;let[n,i]=["",!1];return t.readCaptions().then(a=>{i||(n=URL.createObjectURL(new Blob([a],{type:"text/vtt"})),o(n))}).catch(()=>{}),()=>{i=!0,n&&URL.revokeObjectURL(n),o("")}},[t,e]),r}var Js=1e3,ei=3;function ti({chapters:t,media:e,length:r,onSeek:o}){let{time:n,duration:i}=Pc(e),a=i||r;if(t.length<2||!(a>0))return null;let l=p=>Math.min(Math.max(0,p/a),1)*Js;return s`
		<svg class="chapter-bar" viewBox="0 0 ${Js} 10" preserveAspectRatio="none" aria-hidden="true" onClick=${p=>{let{left:d,width:h}=p.currentTarget.getBoundingClientRect();o((p.clientX-d)/h*a)}}>
			${tr(t,a).map(({start:p,end:d,title:h})=>s`
				<g key=${p}>
					<title>${`${te(p)} ${h}`}</title>
					<rect class="part" x=${l(p)} width=${Math.max(1,l(d)-l(p)-ei)} height="10" />
					${n>p&&s`<rect class="played" x=${l(p)} width=${Math.max(0,l(Math.min(n,d))-l(p)-(n>=d?ei:0))} height="10" />`}
				</g>`)}
		</svg>`}function Pc(t){let[e,r]=$({time:0,duration:0});return v(()=>{if(!t)return;let o=()=>r({time:t.currentTime,duration:Number.isFinite(t.duration)?t.duration:0});o();let n=["timeupdate","seeking","durationchange"];for(let i of n)t.addEventListener(i,o);return()=>n.forEach(i=>t.removeEventListener(i,o))},[t]),e}function ri({media:t,id:e,hasCaptions:r}){let{rate:o,captions:n}=pe.value,i=()=>{let a=Math.floor(t?.currentTime??0);return We(Ke(e,a),`The link to ${te(a)} is copied.`)};return s`
		<div class="player-controls" role="group" aria-label="Player">
			<${u} kind="quiet small" aria-label=${`\u2212${$t} s: back`} onClick=${()=>t&&Xe(t,-1)}>−${$t} s</${u}>
			<${u} kind="quiet small" aria-label=${`+${$t} s: forward`} onClick=${()=>t&&Xe(t,1)}>+${$t} s</${u}>
			<select aria-label="Speed" value=${String(o)} onChange=${a=>xe({rate:Number(a.currentTarget.value)})}>
				${Et.map(a=>s`<option key=${a} value=${String(a)}>${a}×</option>`)}
			</select>
			${r&&s`
				<${u} kind="quiet small" aria-pressed=${n?"true":"false"} onClick=${()=>xe({captions:!n})}>Captions</${u}>`}
			<${u} kind="quiet small" aria-label="Copy link to this moment" onClick=${i}>Copy link</${u}>
			<details class="keys">
				<summary>Keys</summary>
				<${zo} shortcuts=${Fo} />
				<${It} />
			</details>
		</div>`}function oi(t,e,r){return e===2||!r?`The connection was interrupted while the ${t} was loading.`:`This browser cannot play the ${t}. Download it instead.`}var dr=class{#e=null;#r;show(e,r){r!==this.#r&&(this.#r=r,e.readyState>0?e.currentTime=r:this.#e={at:r,rate:pe.value.rate,playing:!1})}keep(e){e.currentTime&&(this.#e={at:e.currentTime,rate:e.playbackRate,playing:!e.paused})}restore(e){let r=this.#e;return r?(this.#e=null,e.currentTime=r.at,e.playbackRate=r.rate,r.playing):!1}};var Ec=[[1280,.8],[1280,.6],[960,.6],[640,.6]],eo={width:32,height:18},Dc=6;function Fc(t,e,r){let o=Math.min(1,r/Math.max(t,e));return{width:Math.max(1,Math.round(t*o)),height:Math.max(1,Math.round(e*o))}}function Bc(t){let e=[];for(let n=0;n+2<t.length;n+=4)e.push(.299*t[n]+.587*t[n+1]+.114*t[n+2]);let r=e.reduce((n,i)=>n+i,0)/e.length,o=e.reduce((n,i)=>n+(i-r)**2,0)/e.length;return!(Math.sqrt(o)>=Dc)}function ni(t,{width:e,height:r}){let o=document.createElement("canvas");Object.assign(o,{width:e,height:r});let n=o.getContext("2d",{alpha:!1});if(!n)throw new Error("This browser has no canvas.");return n.drawImage(t,0,0,e,r),{canvas:o,context:n}}async function to(t){if(!t.videoWidth)return null;let{context:e}=ni(t,eo);if(Bc(e.getImageData(0,0,eo.width,eo.height).data))return null;for(let[r,o]of Ec){let{canvas:n}=ni(t,Fc(t.videoWidth,t.videoHeight,r)),i=await new Promise(a=>n.toBlob(a,"image/jpeg",o));if(i&&i.size<=204800)return i}return null}async function si(t,e){let r=document.createElement("video"),o=n=>new Promise((i,a)=>{r.addEventListener(n,i,{once:!0}),r.addEventListener("error",()=>a(r.error),{once:!0})});try{return Object.assign(r,{crossOrigin:"anonymous",muted:!0,preload:"metadata",src:t}),await o("loadedmetadata"),r.currentTime=e,await o("seeked"),await to(r)}finally{r.removeAttribute("src"),r.load()}}var Ic=2,Oc=3e3,Mc=20;function ii(t,e,r,o){v(()=>{if(!e||!(t instanceof HTMLVideoElement))return;let[n,i,a]=[Mc,0,!1],l=()=>t.removeEventListener("timeupdate",c),c=async()=>{if(!(a||t.paused||t.seeking||Date.now()<i||qc(t)<Ic)){a=!0,i=Date.now()+Oc;try{let p=await to(t).catch(async d=>{if(d.name!=="SecurityError")throw d;return si(await r(),t.currentTime)});p&&await o(p),(p||--n===0)&&l()}catch{l()}a=!1}};return t.addEventListener("timeupdate",c),l},[t,e])}function qc({played:t}){let e=0;for(let r=0;r<t.length;r++)e+=t.end(r)-t.start(r);return e}var Nc=6e4;function ai({details:t,recording:e,media:r,onMedia:o,startAt:n,poster:i,captions:a,language:l}){let[c,p]=$({url:"",created:0}),[d,h]=$(""),f=K(()=>new dr,[]),g=_e(e)?"audio":"video",y=()=>{t.fileURL(e,!1).then(_=>p({url:_,created:Date.now()}),_=>h(R(_)))};v(y,[e.file]),ii(r,!t.meeting.value?.poster,()=>t.fileURL(e,!1,!0),_=>t.savePoster(_)),v(()=>{n!==void 0&&r&&f.show(r,n)},[n,r]);let x=async()=>{if(!c.url||!r)return;if(f.keep(r),Date.now()-c.created>=Nc)return y();let _=r.error?.code;h(oi(g,_,await jo(ft())))},S=()=>{r&&f.restore(r)&&Dt(r)},w=()=>{p({url:"",created:0}),h(""),y()};return d?s`<${m} kind="note">${d} <${u} kind="link" onClick=${w}>Try again</${u}></${m}>`:s`
		<${g} ref=${o} controls playsinline preload="metadata" src=${c.url||void 0} poster=${i||void 0}
			aria-label=${`Meeting ${g}`} onError=${x} onLoadedMetadata=${S}>
			${a&&s`<track key=${a} kind="captions" src=${a} srclang=${l||"und"} label="Captions" />`}
		</${g}>`}function li({workspace:t,details:e,meeting:r,recording:o,media:n,onMedia:i,at:a,onSeek:l}){let c=!!e.transcript.value?.items?.length&&!_e(o),p=Xs(e,c);return Gs(n,p),s`
		<div class="player">
			<${ai} key=${o.id} details=${e} recording=${o} media=${n} onMedia=${i} startAt=${a}
				poster=${t.posters.url(r)} captions=${p} language=${r.language} />
			<${ti} chapters=${e.chapters.value} media=${n} length=${r.duration} onSeek=${l} />
		</div>
		<${ri} media=${n} id=${r.id} hasCaptions=${c} />`}function ci({recordingID:t,isStored:e}){let[r,o]=$(null),[n,i]=$(!1),{run:a,error:l}=k(async()=>o((await N.send("/api/shares",{query:{recording_id:t}})).shares));v(()=>{a()},[t,e]);let c=d=>{o(h=>{let f=h??[];return f.some(({id:g})=>g===d.id)?f.map(g=>g.id===d.id?d:g):[d,...f]})},p=async d=>{await N.send(`/api/shares/${d}`,{method:"DELETE"}),o(h=>(h??[]).filter(f=>f.id!==d))};return!e&&!r?.length?null:s`
		<section class="card shared-links" aria-labelledby="shared-links-heading">
			<h2 id="shared-links-heading">Share</h2>
			${e&&s`<p class="muted">Anybody with a link can watch the recording, without an account.</p>`}
			${l&&s`<${m}>${b(l)} <${u} kind="link" onClick=${a}>Try again</${u}></${m}>`}
			${r&&r.length>0&&s`
				<ul class="rules">
					${r.map((d,h)=>s`<li key=${d.id}><${Uc} link=${d} name=${`link ${r.length-h}`} onChange=${c} onRevoke=${()=>p(d.id)} /></li>`)}
				</ul>`}
			${n?s`<${Fr} recordingIDs=${[t]} onSaved=${d=>{c(d),i(!1)}} onCancel=${()=>i(!1)} />`:e&&s`<${u} kind="quiet" disabled=${!r} onClick=${()=>i(!0)}>Create link</${u}>`}
		</section>`}function zc(t){let e=[t.title&&"title",t.summary&&"summary",t.transcript&&"transcript"].filter(Boolean);return e.length?`Video with ${e.join(", ")}`:"Video only"}function Uc({link:t,name:e,onChange:r,onRevoke:o}){let[n,i]=$(!1),a=Date.parse(t.expires)<=Date.now(),l=a||!!t.ended;return n?s`
			<${Fr} link=${t} onCancel=${()=>i(!1)}
				onSaved=${c=>{r(c),i(!1)}} />`:s`
		<div class="shared-link">
			${!l&&t.url&&s`<${jc} url=${t.url} id=${t.id} name=${e} />`}
			<p class="muted">
				${t.ended&&s`<${re} tone="plain">Recording deleted</${re}> `}${t.password&&s`<${re} tone="plain">Password</${re}> `}
				${zc(t)} · ${a?"expired":"expires"} ${de(t.expires)} · ${C(t.views,"view")}
			</p>
			<div class="actions">
				${!l&&s`<${u} kind="quiet" aria-label=${`Change: ${e}`} onClick=${()=>i(!0)}>Change</${u}>`}
				<${E} label=${l?"Remove":"Revoke"} subject=${e} action=${o}
					question=${l?"Remove this link from the list?":"Nobody can open this link any more. A video that is playing stops at its next part."} />
			</div>
		</div>`}function jc({url:t,id:e,name:r}){let{run:o,copied:n,error:i}=Kt(t);return s`
		<${A} id=${`link-${e}`} label=${`Address of ${r}`} readonly value=${t} spellcheck=${!1} autocomplete="off"
			onFocus=${a=>a.currentTarget.select()} />
		<div class="actions">
			<${u} kind="quiet" aria-label=${`Copy ${r}`} onClick=${o}>${n?"Copied":"Copy link"}</${u}>
			<a class="button quiet" href=${t} target="_blank" rel="noopener" aria-label=${`Open ${r}`}>Open</a>
		</div>
		${i&&s`<${m}>Your browser doesn’t allow copying here. Select the address and copy it.</${m}>`}`}function ut({workspace:{jobs:t},recordingID:e}){return s`<${ui} label="Upload it myself" action=${()=>t.transfer(e,{byHand:!0})} />`}function di({workspace:t,transfer:e}){let{jobs:r}=t,[o,n]=$({});if(r.transferring.value.has(e.recording_id))return s`<p class="muted">The upload starts soon.</p>`;let i={...rt(r.records.value.get(e.job)),deliver:!0,byHand:!1,...o},a=qe(t.delivery,i);return s`
		<${ui} label=${e.note?"Try the upload again":"Upload it for me"} action=${()=>r.transfer(e.recording_id,i)} />
		${a.by==="server"&&s`<p class="muted">${it(a.visibility)}</p>`}
		<${ke} workspace=${t} id="upload" choice=${i} onChange=${n} />`}function ui({label:t,action:e}){let{run:r,busy:o,error:n}=k(e);return s`
		<${u} kind="quiet" busy=${o} onClick=${r}>${t}</${u}>
		${n&&s`<${m}>${b(n)}</${m}>`}`}function Lt({workspace:{jobs:t},transfer:e,label:r="Copy again",isStored:o=!1}){let n=t.records.value.get(e.job),{run:i,busy:a,error:l}=k(()=>t.transfer(e.recording_id,{...rt(n),again:o,deliver:e.status!=="stored"})),c=l?b(l):n?.status==="dead"?n.error:"";return t.transferring.value.has(e.recording_id)?s`<p class="muted">The video is copied from Fathom again soon.</p>`:s`
		<${u} kind="quiet" busy=${a} onClick=${i}>${r}</${u}>
		${c&&s`<${m}>${c}<${Pe} reason=${c} /></${m}>`}`}function ur({details:t,label:e="Download",kind:r="primary",onDone:o}){let{run:n,busy:i,error:a}=k(async()=>{await t.loadTransferred();let l=t.recording.value;if(!l)throw new Error("The recording is no longer stored here. Copy the meeting again");at(await t.fileURL(l,!0),l.file_name),o?.()});return s`
		<${u} kind=${r} busy=${i} onClick=${n}><${we} />${e}</${u}>
		${a&&s`<${m}>${b(a)}</${m}>`}`}var Hc=["validation_link_length","validation_link_title","validation_link_private","validation_link_unreachable"];function mi(t){let e=t?.response?.data?.share_url;if(!Hc.includes(e?.code))return null;let{code:r,message:o,expected:n,found:i}=e;return i?{message:r==="validation_link_length"?"The video at Loom has another length than this recording.":"The video at Loom has another title than this recording.",sides:[{name:"At Loom",text:pi(i)},{name:"This recording",text:pi(n)}]}:{message:o,sides:[]}}var pi=({title:t,duration:e})=>[t||"Untitled",e>0&&et(e)].filter(Boolean).join(" \xB7 ");function hi({verified:t,unchecked:e,error:r}){return t?"":e==="private"?"Not checked: Loom shows this video only to some people.":e==="unreachable"?"Not checked: Loom could not be reached. The link is checked again on your later visits, up to 12 times.":r||"Saved by you although the title or the length differs."}function pr({workspace:t,transfer:e}){let[r,o]=$(""),n=t.meetings.states.value.your_turn-1,{run:i,busy:a,error:l,clear:c}=k(async(h,f)=>{o(h);let g=await t.db.collection("transfers").update(e.id,{share_url:h,confirmed:f});for(let y of[t.transfers,t.waiting])y.put(g)},()=>`Link saved. The video is on Loom.${n>0?` ${C(n,"more","more")} to upload.`:""}`),p=h=>{h.preventDefault(),i(String(new FormData(h.currentTarget).get("share-link")).trim(),!1)},d=mi(l);return s`
		<form onSubmit=${p}>
			<${A} id="share-link" label="Loom share link" required autocomplete="off" spellcheck=${!1} onInput=${l?c:void 0}
				placeholder="https://www.loom.com/share/…" error=${l&&!d?F(l,"share_url")||b(l):""} />
			${d&&s`
				<${m}>
					<p>${d.message}</p>
					${d.sides.length>0&&s`
						<dl class="sides">${d.sides.map(({name:h,text:f})=>s`<dt>${h}</dt><dd>${f}</dd>`)}</dl>`}
					<${u} kind="quiet" busy=${a} onClick=${()=>i(r,!0)}>Save anyway</${u}>
				</${m}>`}
			<${u} type="submit" busy=${a}>${a?"Checking link\u2026":"Save link"}</${u}>
		</form>`}function Fe({details:t,isDelivered:e=!1,canDownload:r=!0}){let o=t.recording.value;if(!o)return null;let n=_e(o)?"audio":"video",i=e?"The video on Loom, the summary and the transcript are kept.":`${n==="video"?"It is not on Loom yet. ":""}The summary and the transcript are kept, and you can copy the meeting again.`;return s`
		<div class="stored-video">
			<p class="muted">The ${n} stored here takes up ${H(o.size)}.${o.retained_until&&` It is deleted after ${Se(o.retained_until)}.`}</p>
			<div class="actions">
				${r&&s`<${ur} details=${t} kind="quiet" label=${`Download ${n}`} />`}
				<${E} label=${`Delete stored ${n}`} action=${()=>t.deleteRecording()} done=${`The stored ${n} is deleted.`}
					question=${`Delete the ${n} stored here and free ${H(o.size)}? ${i}`} />
			</div>
		</div>`}function fi({workspace:t,details:e,transfer:r}){let[o,n]=$(!1),{loomUploadURL:i}=Y.value,a=e.loadedFor.value!==r.status||e.recording.value;return s`
		${r.note&&s`<${m} kind="note">${r.note}</${m}>`}
		${t.delivery.by==="server"&&s`<${di} workspace=${t} transfer=${r} />`}
		<ol class="loom-steps">
			<li>
				<h3>Download the video${o&&s`<span class="ticked"><${Ge} /><span class="hidden"> (done)</span></span>`}</h3>
				${a?s`
						<p>${r.file_name}<span class="muted"> · ${H(r.bytes_total)}</span></p>
						<${ur} details=${e} kind=${o?"quiet":"primary"}
							label=${o?"Download again":"Download"} onDone=${()=>n(!0)} />`:s`
						<p>The video stored here was deleted. If you haven’t downloaded it, copy it from Fathom again.</p>
						<${Lt} workspace=${t} transfer=${r} />`}
			</li>
			<li>
				<h3>Upload it to Loom</h3>
				<p>In your Loom library, select <strong>New video</strong>, then <strong>Upload a video</strong>, and choose the file. Don’t rename it.</p>
				<p><${P} href=${i}>Open ${new URL(i).host}</${P}></p>
			</li>
			<li>
				<h3>Paste the share link</h3>
				${Mt(t.loomReader)&&s`<p class="muted">Or wait: Loom is asked for your new videos. This one is found if its title and length leave no doubt.</p>`}
				<${pr} workspace=${t} transfer=${r} />
			</li>
		</ol>
		<${Fe} details=${e} canDownload=${!1} />
		${e.recording.value&&s`<${Lt} workspace=${t} transfer=${r} isStored=${!0} label="Copy again" />`}`}function mr({url:t}){let e=ee(t);return e&&s`<p><${P} class="share" href=${e}>${e.replace(/^https?:\/\//,"")}</${P}></p>`}function $i({workspace:t,details:e,meeting:r,reason:o,job:n}){let[i,a]=$({}),l={...rt(n),...i},{run:c,busy:p,error:d}=k(()=>t.jobs.transfer(r.recording_id,l),"The copy starts again.");return s`
		<${m}>${o}<${Pe} reason=${o} /></${m}>
		<div class="actions">
			<${u} kind=${bt(n)?"quiet":"primary"} busy=${p} onClick=${c}>Retry</${u}>
			${l.deliver&&t.delivery.by!=="user"&&s`<${ut} workspace=${t} recordingID=${r.recording_id} />`}
		</div>
		${l.deliver&&!l.byHand&&s`<${ke} workspace=${t} id="transfer" choice=${l} onChange=${a} />`}
		${d&&s`<${m}>${b(d)}<${Pe} reason=${b(d)} /></${m}>`}
		<${Fe} details=${e} />`}function gi({workspace:t,details:e,transfer:r}){let[o,n]=$({}),{run:i,busy:a,error:l}=k(()=>t.jobs.transfer(r.recording_id,o));return s`
		<p>${Ie(r,void 0).detail}</p>
		${!_e(r)&&s`
			<${u} busy=${a} onClick=${i}>Upload to Loom</${u}>
			<${ke} workspace=${t} id="transfer" choice=${o} onChange=${n} />`}
		${l&&s`<${m}>${b(l)}<${Pe} reason=${b(l)} /></${m}>`}
		<${Fe} details=${e} />
		<${bi} workspace=${t} details=${e} transfer=${r} />`}function ki({workspace:t,details:e,transfer:r}){let o=hi(r);return s`
		<${mr} url=${r.share_url} />
		<p class="muted">Delivered ${J(r.delivered_at,z(r.delivered_at))}.${Ut(r)&&` ${it(r.visibility)}`}${o&&s`<br />${o}`}</p>
		${r.note&&s`<${m} kind="note">${r.note}</${m}>`}
		<${Fe} details=${e} isDelivered=${!0} />
		<${bi} workspace=${t} details=${e} transfer=${r} />
		<details>
			<summary>Change link</summary>
			<${pr} workspace=${t} transfer=${r} />
		</details>`}function bi({workspace:t,details:e,transfer:r}){if(e.loadedFor.value!==r.status)return null;let o=!!e.recording.value;return s`
		${!o&&s`<p class="muted">The file stored here was deleted.</p>`}
		<${Lt} workspace=${t} transfer=${r} isStored=${o} label=${o?"Copy again":"Fetch the file again"} />`}function yi({workspace:t,details:e,meeting:r,transfer:o}){let[n,i]=$({}),{run:a,busy:l,error:c}=k(h=>t.jobs.transfer(r.recording_id,h?n:{deliver:h}),"The copy starts.",()=>()=>t.jobs.cancelTransfer(r.recording_id)),{delivery:p}=t,d=o?.status==="cancelled"&&o.job;return s`
		<p>${d&&"The last copy was cancelled. "}The video, summary and transcript are copied to your storage here. ${Rn(qe(p,n))}</p>
		${c&&s`<${m}>${b(c)}<${Pe} reason=${b(c)} /></${m}>`}
		<div class="actions">
			<${u} busy=${l} onClick=${()=>a(!0)}>${_n(qe(p,n))}</${u}>
			<${u} kind="quiet" busy=${l} onClick=${()=>a(!1)}>Only keep a copy here</${u}>
			${p.by!=="user"&&s`<${ut} workspace=${t} recordingID=${r.recording_id} />`}
		</div>
		<${ke} workspace=${t} id="transfer" choice=${n} onChange=${i} />
		<${Fe} details=${e} />`}function vi({workspace:t,details:e,meeting:r}){let o=t.transferOf(r.recording_id),n=o?.job??"",i=t.jobs.records.value.get(n),a=en(o)&&!!n&&!i&&!t.jobs.isDeleted(n);v(()=>{a&&t.jobs.refresh(n).catch(()=>{})},[n,a]);let l=t.stateOf(r.recording_id,z(...Nt(i,t.jobs)));return s`
		<section class=${`card transfer ${l.phase}`} aria-labelledby="transfer-heading">
			<h2 id="transfer-heading" class=${`state ${l.tone}`} aria-live="polite"><${Ro[l.icon]} />${l.word}</h2>
			${!["none","failed","stored"].includes(l.phase)&&s`<${Yt} titles=${zt(o,i)} step=${l.step} />`}
			${l.phase==="none"&&s`<${yi} workspace=${t} details=${e} meeting=${r} transfer=${o} />`}
			${(l.phase==="waiting"||l.phase==="running")&&s`
				<${mr} url=${o?.share_url} />
				<${Wc} workspace=${t} title=${r.title} transferID=${o?.id??""} state=${l} job=${i} />
				${o&&l.step===2&&l.phase==="waiting"&&Ut(o)&&s`<${ut} workspace=${t} recordingID=${r.recording_id} />`}`}
			${l.phase==="failed"&&s`<${$i} workspace=${t} details=${e} meeting=${r} reason=${l.detail} job=${i} />`}
			${l.phase==="upload"&&o&&s`<${fi} workspace=${t} details=${e} transfer=${o} />`}
			${l.phase==="stored"&&o&&s`<${gi} workspace=${t} details=${e} transfer=${o} />`}
			${l.phase==="done"&&o&&s`<${ki} workspace=${t} details=${e} transfer=${o} />`}
		</section>`}function Wc({workspace:t,title:e,transferID:r,state:o,job:n}){return s`
		<${Ht} workspace=${t} transferID=${r} state=${o} name="Progress" hasPercent=${!0} />
		<p class="hidden" aria-live="polite">${Yc(o)}</p>
		${n&&ve(n)&&s`<${Wt} jobs=${t.jobs} job=${n} title=${e} />`}`}var Yc=({word:t,fraction:e,step:r})=>e===null?t:`${Math.floor(e*4)*25}% ${r===2?"uploaded":"copied"}`;async function hr(t,e,{download:r=!1,proxy:o=!1}={}){let n=await t.files.getToken();return t.files.getURL(e,e.file,{token:n,...r&&{download:!0},...o&&{proxy:1}})}var Vc="id,recording_id,title,meeting_type,recorded_at,duration,language,recorded_by,invitees,fathom_url,summary,action_items,highlights,parts,loom_url,poster,withdrawn_at,created,updated",fr=class{meeting=O(null);transcript=O(null);recording=O(null);chapters=O([]);loadedFor=O("");ready=O(!1);error=O("");isGone=O(!1);#e;#r;#t;#o=!1;#s=()=>{};#n=()=>{};#i=0;#a="";constructor(e,r,o){this.#e=e,this.#r=r,this.#t=o}start(){this.#s=Er(this.#r,"meetings/*",({action:e,record:r})=>{r.id===this.#t&&(e==="delete"?this.#c():this.load())},()=>this.load(),{fields:on}),this.#n=Er(this.#r,"recordings/*",({record:e})=>{e.recording_id===this.meeting.value?.recording_id&&this.loadTransferred().catch(()=>{})},async()=>{},{fields:nn})}stop(){this.#o=!0,this.#s(),this.#n()}async delete(){await this.#e.collection("meetings").delete(this.#t)}async load(){if(!this.#o){this.error.value="",this.isGone.value=!1;try{this.#u(await this.#e.collection("meetings").getOne(this.#t,{fields:Vc})),await this.loadTransferred()}catch(e){if(this.#o)return;me(e)!==404?this.error.value=R(e):this.meeting.value?this.#c():this.#d("There is no meeting at this address. It may have been deleted.")}}}async loadTransferred(e=this.#a){this.#a=e;let r=++this.#i,o=this.meeting.value;if(!o)return;let n=async a=>{let l=this.#e.filter("recording_id = {:id}",{id:o.recording_id});return(await this.#e.collection(a).getList(1,1,{filter:l,skipTotal:!0})).items[0]??null},i=()=>!this.#o&&r===this.#i;try{let[a,l]=await Promise.all([this.transcript.value?.items?.length?this.transcript.value:n("transcripts"),n("recordings")]),c=l?.file?l:null,p=c&&i()?await this.#l():[];if(!i())return;yo(()=>{this.transcript.value=a,this.recording.value=c,this.chapters.value=p,this.loadedFor.value=e})}finally{i()&&(this.ready.value=!0)}}async#l(){return(await this.#e.send(`/api/meetings/${this.#t}/chapters`,{method:"GET"})).chapters}async readCaptions(){let{text:e}=await this.#e.send(`/api/meetings/${this.#t}/captions.vtt`,{method:"GET",fetch:Zc});return e}async fileURL(e,r,o=!1){return hr(this.#e,e,{download:r,proxy:o})}async savePoster(e){await this.#e.send(`/api/meetings/${this.#t}/poster`,{method:"PUT",body:e,headers:{"Content-Type":"image/jpeg"}})}async deleteRecording(){let e=this.recording.value;e&&(await this.#e.collection("recordings").delete(e.id),this.recording.value=null)}#c(){this.#o=!0,this.meeting.value=null,this.#d("This meeting was deleted.")}#d(e){this.isGone.value=!0,this.error.value=e}#u(e){let r=this.meeting.value;!this.#o&&!(r&&tn(e,r))&&(this.meeting.value=e)}};async function Zc(t,e){let r=await fetch(t,e);return r.ok?Response.json({text:await r.text()}):r}function wi(t,e){v(()=>{let r=o=>{let n=Io(o)?Po(o.key):void 0;n&&(n==="previous"||n==="next"?e(n):t&&Kc(t,n))};return document.addEventListener("keydown",r),()=>document.removeEventListener("keydown",r)},[t,e])}function Kc(t,e){switch(e){case"back":return Xe(t,-1);case"forward":return Xe(t,1);case"toggle":return Eo(t);case"slower":return _r(-1);case"faster":return _r(1);default:return gt(t)&&xe({captions:!pe.value.captions})}}function Qc({workspace:t,id:e,at:r,tab:o}){let n=K(()=>new fr(t.db,t.streams.database,e),[t,e]),[i,a]=$("");v(()=>(scrollTo(0,0),n.start(),()=>n.stop()),[n]);let{transfers:l,jobs:c}=t,p=n.meeting.value,d=p?.recording_id??0;v(()=>{d&&l.loadWhole(d).catch(y=>a(R(y)))},[d]);let h=n.ready.value&&(l.isWhole(d)||i)&&(c.loaded.value||c.error.value),f=p&&h,g=p&&t.transferOf(p.recording_id)?.status;return v(()=>{g&&n.loadTransferred(g).catch(()=>{})},[g]),s`
		<div class="page meeting-page">
			<p><a class="back" href=${qo(t.meetings.view.value)}><${Qe} />Meetings</a></p>
			${!f&&n.error.value&&s`<${W} title=${n.isGone.value?"Meeting not found":"Meeting"} />`}
			${n.error.value&&s`
				<${m}>
					${n.error.value}${" "}
					${n.isGone.value?s`<a href=${j("/")}>Back to meetings</a>`:s`<${u} kind="link" onClick=${()=>n.load()}>Try again</${u}>`}
				</${m}>`}
			${!f&&!n.error.value&&s`<${q} label="Loading meeting" />`}
			${f&&s`<${Gc} workspace=${t} details=${n} meeting=${p} at=${r} tab=${o} />`}
		</div>`}function Gc({workspace:t,details:e,meeting:r,at:o,tab:n}){let[i,a]=$(null),l=e.recording.value,c=le(d=>{i&&(i.currentTime=d,Dt(i))},[i]),p=t.transferOf(r.recording_id)?.share_url||r.loom_url;return s`
		<${Xc} workspace=${t} meeting=${r} media=${i} tab=${n} />
		<div class="meeting">
			<div class="meeting-main">
				${l&&s`<${li} workspace=${t} details=${e} meeting=${r} recording=${l} media=${i} onMedia=${a} at=${o} onSeek=${c} />`}
				<${vi} workspace=${t} details=${e} meeting=${r} />
				<${ns} url=${p} title=${r.title} />
				${l&&s`<${ts} chapters=${e.chapters.value} media=${i} onSeek=${c} />`}
				<div class="meeting-more">
					<${ci} key=${r.recording_id} recordingID=${r.recording_id} isStored=${!!l} />
					<${ed} meeting=${r} />
					<${Jc} workspace=${t} details=${e} meeting=${r} />
				</div>
			</div>
			<${Vs} workspace=${t} details=${e} meeting=${r} media=${i} at=${o} tab=${n} onSeek=${l?c:void 0} />
		</div>`}function Xc({workspace:t,meeting:e,media:r,tab:o}){let n=Qs(t.db,e);wi(r,le(l=>{let c=n[l];c&&ce(Q(c.id,o))},[n,o]));let i=ee(e.fathom_url),a=[`${Se(e.recorded_at)}, ${Te(e.recorded_at)}`,Je(e.duration),e.meeting_type].filter(Boolean);return s`
		<${Ks} neighbours=${n} tab=${o} />
		<div class="meeting-head">
			<div>
				<${W} title=${M(e.title)} />
				<p class="muted">${a.join(" \xB7 ")}${i&&s`${" \xB7 "}<${P} href=${i}>Open in Fathom</${P}>`}</p>
				${e.withdrawn_at&&s`<p class="muted"><${re} tone="plain">No longer at Fathom</${re}> Everything that was copied is kept.</p>`}
			</div>
			<${Dn} db=${t.db} selection=${{recording_ids:[e.recording_id]}} />
		</div>`}function Jc({workspace:t,details:e,meeting:r}){return s`
		<section class="deletion" aria-label="Delete meeting">
			<${E} label="Delete meeting…" confirmLabel="Delete meeting" action=${async()=>{await e.delete(),t.lookup.remove(r.id),t.meetings.removed(),ce(j("/"),{replace:!0})}}
				question="Delete this meeting with the video, summary and transcript stored here? Nothing is deleted at Fathom or Loom. Syncs will not add it again." />
		</section>`}function ed({meeting:t}){let e=t.invitees??[];return e.length?s`
		<section class="people">
			<h2>People</h2>
			<ul>
				${e.map(r=>s`
					<li dir="auto">${r.name||r.email||"Unknown person"}${r.is_external&&s`<span class="muted"> · external</span>`}</li>`)}
			</ul>
		</section>`:null}function $r({id:t,email:e,error:r=""}){return s`
		<input type="email" autocomplete="username" value=${e} readOnly hidden />
		<${A} id=${t} label="New password" type="password" required minlength="8" autocomplete="new-password" error=${r} hint="At least 8 characters." />`}function td({token:t}){let{run:e,busy:r,error:o}=k(Kn),n=Ee(t,"email"),i=n?Re(o):st,a=c=>{c.preventDefault(),e(t,String(new FormData(c.currentTarget).get("password")))};if(i)return s`<${Jt} title="Choose a new password" problem=${i} href=${j("/forgot-password")} />`;let l=F(o,"password");return s`
		<${V} title="Choose a new password">
			<p>For the account of <strong>${n}</strong>. All browsers that are signed in to it will be signed out.</p>
			<form onSubmit=${a}>
				<${$r} id="password" email=${n} error=${l} />
				${o&&!l&&s`<${m}>${R(o)}</${m}>`}
				<${u} type="submit" busy=${r}>Save and sign in</${u}>
			</form>
		</${V}>`}function xi({posters:t,meeting:e}){let r=[Se(e.recorded_at),Te(e.recorded_at)].filter(Boolean).join(", ");return s`
		<li class="result">
			<div class="row-lead">
				<${Pn} posters=${t} meeting=${e} />
				<div>
					<h2 dir="auto"><a href=${e.href}>${M(e.title)}</a></h2>
					<p class="muted">${r}</p>
				</div>
			</div>
			${e.matches.length>0&&s`
				<ul class="matches">
					${e.matches.map((o,n)=>s`<${rd} key=${n} meeting=${e} match=${o} />`)}
				</ul>`}
		</li>`}function rd({meeting:t,match:e}){let r=e.start===null?"":te(e.start);return s`
		<li>
			<p class="muted">
				${e.start!==null&&s`
					<a class="timestamp" href=${Ke(t.id,e.start)} aria-label=${`${r} in ${M(t.title)}`}>${r}</a>${" \xB7 "}`}
				${sn(e)}
			</p>
			<p class="excerpt" dir="auto">${cr(e.text,e.ranges)}</p>
		</li>`}function od({workspace:{search:t,posters:e},query:r}){v(()=>{t.search(r)},[t,r]),In(()=>t.query.value===r?t.scroll:0,i=>{t.scroll=i});let o=t.error.value,n=me(o)===400;return s`
		<div class="page">
			<p><a class="back" href=${j("/")}><${Qe} />Meetings</a></p>
			<${W} title="Search" />
			<div>
				<${En} query=${r} problem=${n?R(o):""} onSearch=${i=>t.search(i)} />
				<p class="muted search-status" role="status">${nd(t,r)}</p>
			</div>
			${o&&!n&&s`<${m}>${R(o)} <${u} kind="link" onClick=${()=>t.search(r)}>Try again</${u}></${m}>`}
			${r?!o&&s`<${sd} key=${r} search=${t} posters=${e} query=${r} />`:s`<${id} />`}
		</div>`}function nd(t,e){return!e||t.error.value?"":!t.items.value.length&&(t.loading.value||t.query.value!==e)?"Searching\u2026":t.total.value?`${C(t.total.value,"meeting")} found`:"No meetings found"}function sd({search:t,posters:e,query:r}){let{run:o,busy:n,error:i}=k(()=>t.loadMore()),a=t.items.value,l=t.total.value,c=t.loading.value||t.query.value!==r;return s`
		${!t.complete.value&&s`
			<${m} kind="note">
				The index is still being built, so some meetings may be missing.${" "}
				<${u} kind="link" busy=${c} onClick=${()=>t.search(r)}>Search again</${u}>
			</${m}>`}
		${!a.length&&!c&&t.complete.value&&s`
			<section class="empty">
				<h2>Nothing found</h2>
				<p>No meeting contains all of these words. Check their spelling, or try fewer of them.</p>
			</section>`}
		${a.length>0&&s`<ol class="results">${a.map(p=>s`<${xi} key=${p.id} posters=${e} meeting=${p} />`)}</ol>`}
		<p class="more" aria-live="polite">
			${t.hasMore.value&&s`
				<${u} kind="quiet" busy=${n} onClick=${o}>${n?"Loading\u2026":"Show more"}</${u}>
				<span class="muted">${`${a.length} of ${C(l,"meeting")}`}</span>`}
			${i&&s`<span class="error">${R(i)}</span>`}
		</p>`}var id=()=>s`
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
	</section>`;var ad=[["read","Read meetings, transcripts and videos"],["transfer","Start and cancel copies and syncs"],["share","Create and revoke links to recordings"]],ld=1440*60*1e3;function Si({onCreated:t,onCancel:e}){let{run:r,busy:o,error:n}=k(async l=>{let c=new Date(Date.now()+Number(l.get("token-days"))*ld).toISOString();t(await N.send("/api/tokens",{method:"POST",body:{name:l.get("token-name"),scopes:l.getAll("token-scope"),expires:c}}))}),i=l=>{l.preventDefault(),r(new FormData(l.currentTarget))},a=F(n,"name");return s`
		<form class="rule-form" onSubmit=${i}>
			<${A} id="token-name" label="Token name" required maxlength="80" autocomplete="off" error=${a} hint="Such as the script that uses it." />
			<fieldset>
				<legend>What it may do</legend>
				${ad.map(([l,c])=>s`
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
				<${u} type="submit" busy=${o}>Create</${u}>
				<${u} kind="quiet" disabled=${o} onClick=${e}>Cancel</${u}>
			</div>
		</form>`}function Ti({name:t,text:e}){let{run:r,copied:o,error:n}=Kt(e);return s`
		<div class="confirm" role="status">
			<${A} id="new-token" label=${`Token \u201C${t}\u201D`} readonly value=${e} spellcheck=${!1} autocomplete="off"
				onFocus=${i=>i.currentTarget.select()} hint="Copy it now. It is not shown again." />
			<div class="actions"><${u} kind="quiet" onClick=${r}>${o?"Copied":"Copy token"}</${u}></div>
			${n&&s`<${m}>Your browser doesn’t allow copying here. Select the token and copy it.</${m}>`}
		</div>`}function Ci(){let[t,e]=$(null),[r,o]=$(!1),[n,i]=$(null),{run:a,error:l}=k(async()=>e((await N.send("/api/tokens",{})).tokens));v(()=>{a()},[]);let c=d=>{i(d),o(!1),a()},p=async d=>{await N.send(`/api/tokens/${d}`,{method:"DELETE"}),n?.id===d&&i(null),e(h=>(h??[]).filter(f=>f.id!==d))};return s`
		<section class="card" aria-labelledby="tokens-heading">
			<h2 id="tokens-heading">API tokens</h2>
			<p class="muted">Scripts and assistants use your data with a token instead of your password. Changing your password
			revokes all tokens, and the access that you gave assistants.</p>
			${!t&&!l&&s`<${q} label="Loading tokens" />`}
			${l&&s`<${m}>${b(l)} <${u} kind="link" onClick=${a}>Try again</${u}></${m}>`}
			${t&&t.length>0&&s`
				<ul class="rules">
					${t.map(d=>s`<li key=${d.id}><${dd} token=${d} onRevoke=${()=>p(d.id)} /></li>`)}
				</ul>`}
			${n&&s`<${Ti} key=${n.id} name=${n.name} text=${n.token} />`}
			${r?s`<${Si} onCreated=${c} onCancel=${()=>o(!1)} />`:t&&s`<${u} kind="quiet" onClick=${()=>o(!0)}>Create token</${u}>`}
		</section>`}function cd({client:t},e){return e?t?"Remove this assistant from the list?":"Remove this token from the list?":t?"The assistant can\u2019t read your meetings any more, until you allow it again.":"Whatever uses this token stops working at once."}function dd({token:t,onRevoke:e}){let r=Date.parse(t.expires)<=Date.now(),o=t.last_used?`last used ${J(t.last_used,z(t.last_used))}${t.last_address&&` from ${t.last_address}`}`:"never used";return s`
		<div>
			<strong>${t.name}</strong> ${t.client?`(assistant, ${t.client})`:s`<code>${t.prefix}…</code>`}
			<p class="muted">${t.scopes.join(", ")} · ${r?"expired":"expires"} ${de(t.expires)} · ${o}</p>
			<${E} label=${r?"Remove":"Revoke"} subject=${t.name} action=${e}
				question=${cd(t,r)} />
		</div>`}var ud={system:"As on this device",light:"Light",dark:"Dark"};function Ai(){let[t,e]=$(On),r=o=>{Mn(o),e(o)};return s`
		<section class="card" aria-labelledby="theme-heading">
			<h2 id="theme-heading">Colors</h2>
			<fieldset class="choices">
				<legend>In this browser</legend>
				${Object.entries(ud).map(([o,n])=>s`
					<label class="check-box" key=${o}>
						<input type="radio" name="theme" checked=${o===t} onChange=${()=>r(o)} /> ${n}
					</label>`)}
			</fieldset>
		</section>
		<section class="card" aria-labelledby="keys-heading">
			<h2 id="keys-heading">Keyboard</h2>
			<${It} />
			<p class="hint">Such as j, k, x, / and ?, in this browser. ${Do} always works, and leads to a list of all keys.</p>
		</section>`}var Li=t=>JSON.stringify({mcpServers:{"fathom-to-loom":{type:"http",url:`${t}/mcp`,headers:{Authorization:"Bearer YOUR_TOKEN"}}}},null,2);function _i(){return s`
		<section class="card" aria-labelledby="assistants-heading">
			<h2 id="assistants-heading">Assistants</h2>
			<p>Assistants that support the Model Context Protocol (MCP) can search and read your meetings. Add this address as a
			connector. When the assistant connects, you are asked here what it may do.</p>
			<${Dr} id="mcp-address" label="Address" text=${`${ft()}/mcp`} />
			<details>
				<summary>Use an API token instead</summary>
				<p>Create a token above, paste this into the configuration of the assistant, and replace YOUR_TOKEN.</p>
				<${Dr} id="mcp-config" label="Configuration" text=${Li(ft())} />
			</details>
		</section>`}var pd={checking:{tone:"plain",label:"Checking\u2026"},valid:{tone:"good",label:"Connected"},invalid:{tone:"bad",label:"Not working"},unchecked:{tone:"plain",label:"Not checked"}};function md(t){return t.status==="valid"&&qt(t)?{tone:"plain",label:"Reading only"}:t.status==="invalid"&&t.details?.state==="choose_site"?{tone:"plain",label:"Site not chosen"}:pd[t.status]}function pt({connection:t}){let e=t&&md(t);return s`<span aria-live="polite">${e&&s`<${re} tone=${e.tone}>${e.label}</${re}>`}</span>`}function ie(t,e,r){let[o,n]=$({saving:0,wanted:void 0,error:null}),i=async l=>{n(({saving:p})=>({saving:p+1,wanted:l,error:null}));let c=null;try{await t.save(e,l)}catch(p){c=p}return n(p=>({...p,saving:p.saving-1,error:c??p.error})),!c};return{value:(o.saving?o.wanted:t.get(e))??r,save:i,error:o.error,loaded:t.loaded.value}}var gr={types:"Meeting type",people:"Person",domains:"Domain",title_words:"Title contains",title_not:"Title doesn\u2019t contain"},Ri=Object.keys(gr),ro=t=>t.split(",").map(e=>e.trim()).filter(Boolean);function oo(t){let e={};t.get("recorded_by_me")&&(e.recorded_by_me=!0);for(let n of Ri){let i=ro(String(t.get(n)??""));i.length&&(e[n]=i)}let r=String(t.get("external")??"");(r==="only"||r==="none")&&(e.external=r);let o=Number(t.get("min_minutes"));return o>0&&(e.min_minutes=o),e}function Pi(t){return[t.recorded_by_me&&"Recorded by me",...Ri.map(e=>t[e]?.length&&`${gr[e]}: ${t[e].join(" or ")}`),t.external==="only"&&"With external people",t.external==="none"&&"Without external people",t.min_minutes&&`At least ${t.min_minutes} minutes`].filter(Boolean).join(" \xB7 ")}function _t({entries:t,onSave:e,...r}){let[o,n]=$(null),i=async()=>{if(o===null)return;await e(ro(o))&&n(l=>l===o?null:l)};return s`
		<${A} ...${r} value=${o??t.join(", ")} autocomplete="off" spellcheck=${!1}
			onInput=${a=>n(a.currentTarget.value)} onChange=${i} />`}function Ei({workspace:{preferences:t}}){let e=ie(t,"sync_others",{enabled:!1}),r=e.value,o=i=>e.save({...r,...i}),n=e.error&&(F(e.error,"value")||b(e.error));return s`
		<div class="choices" role="group" aria-labelledby="others-heading">
			<h3 id="others-heading">Meetings of others</h3>
			<${Ae} label="Include meetings recorded by others" checked=${r.enabled} disabled=${!e.loaded} onChange=${i=>o({enabled:i})} />
			<p class="hint">Fathom lists the calls that were recorded outside your organization only by team or person. A change applies from the next sync.</p>
			${r.enabled&&s`
				<${_t} id="others-teams" label="Teams" entries=${r.teams??[]} placeholder="Sales, Support"
					hint="Leave teams and people blank for all teams. Separate several by commas." onSave=${i=>o({teams:i})} />
				<${_t} id="others-people" label="People" entries=${r.people??[]} placeholder="bo@example.com"
					hint="E-mail addresses of people who record." onSave=${i=>o({people:i})} />`}
			${n&&s`<p class="error" role="alert">${n}</p>`}
		</div>`}function Di({workspace:t}){let e=t.fathom,[r,o]=$(!1),n=U(null),{meetings:i}=t,a=i.loaded.value&&!i.totalOfAll.value,l=c=>{o(!1),n.current?.focus(),Sn(t,c)};return s`
		<section class="card" aria-labelledby="fathom-heading">
			<div class="card-head">
				<h2 id="fathom-heading" tabindex="-1" ref=${n}>Fathom</h2>
				<${pt} connection=${e} />
			</div>
			${e&&s`<${hd} connection=${e} />`}
			${!e&&s`<p>Your meetings are read with an API key of your Fathom account.</p>`}
			${!e||r?s`<${wn} workspace=${t} connection=${e} onSaved=${l} onCancel=${e&&(()=>o(!1))} />`:s`<${fd} workspace=${t} connection=${e} onReplace=${()=>o(!0)} />`}
			${e&&s`<${Ei} workspace=${t} />`}
		</section>
		${e?.status==="valid"&&a&&s`
			<p><a class="button primary" href=${j("/")}>Continue to meetings</a></p>`}`}function hd({connection:t}){return s`
		<dl class="facts">
			<div><dt>API key</dt><dd><code>${t.last_four?`\u2022\u2022\u2022\u2022 ${t.last_four}`:"\u2022\u2022\u2022\u2022"}</code></dd></div>
			${t.checked_at&&s`<div><dt>Checked</dt><dd>${J(t.checked_at,z(t.checked_at))}</dd></div>`}
		</dl>
		${t.reason&&s`<${m} kind=${t.status==="invalid"?"problem":"note"}>${t.reason}</${m}>`}`}function fd({workspace:t,connection:e,onReplace:r}){return s`
		<div class="actions">
			<${u} kind="quiet" onClick=${r}>Replace key</${u}>
			<${E} label="Remove key" action=${async()=>{await t.db.collection("connections").delete(e.id),t.connections.remove(e.id)}}
				question="Remove this key? Meetings and videos that are already copied are kept." />
		</div>`}var Fi="{date} {time} {title}";function Bi({workspace:t}){let{preferences:e}=t,[r,o]=$(!1),n=k(c=>e.save("time_zone",c||void 0)),i=k(c=>e.save("file_name",c&&c!==Fi?c:void 0)),a=async c=>{c.preventDefault(),o(!1);let p=new FormData(c.currentTarget),d=await n.run(String(p.get("time-zone")).trim()),h=await i.run(String(p.get("file-name")).trim());o(d&&h)},l=c=>c?F(c,"value")||b(c):"";return s`
		<section class="card" aria-labelledby="names-heading">
			<h2 id="names-heading">Names of recordings</h2>
			${e.loaded.value&&s`
				<form onSubmit=${a} onInput=${()=>o(!1)}>
					<${A} id="file-name" label="File name" defaultValue=${e.get("file_name")??Fi} autocomplete="off" spellcheck=${!1} error=${l(i.error)}
						hint="{date}, {time}, {title}, {type}, {host} and {id} are replaced. Recordings that are stored already keep their names." />
					<${A} id="time-zone" label="Time zone" defaultValue=${e.get("time_zone")??"UTC"} list="time-zones" autocomplete="off" spellcheck=${!1} error=${l(n.error)} />
					<datalist id="time-zones">${Intl.supportedValuesOf("timeZone").map(c=>s`<option key=${c} value=${c} />`)}</datalist>
					<div class="actions">
						<${u} type="submit" kind="quiet" busy=${n.busy||i.busy}>Save</${u}>
						<span role="status">${r&&"Saved."}</span>
					</div>
				</form>`}
		</section>`}var $d="https://id.atlassian.com/manage-profile/security/api-tokens?autofillToken&expiryDays=max&appId=mcp-v2&selectedScopes=all";function Ii({workspace:t,connection:e,onDone:r}){let[o,n]=$(e?.settings?.method??"token"),i=U(null);return ye(()=>{i.current?.querySelector("input:checked")?.focus()},[]),s`
		<div class="loom-connect" ref=${i}>
			<p>Uploads use Atlassian’s official MCP server. Nobody has tried that with this program and a real account
			yet${!t.requiresLoom&&"; if it fails, you still get each file to upload yourself"}.</p>
			<fieldset class="choices">
				<legend>How to connect</legend>
				${Object.entries(Pr).map(([a,l])=>s`
					<label class="check-box" key=${a}>
						<input type="radio" name="loom-method" value=${a} checked=${o===a} onChange=${()=>n(a)} />
						<span>${l}${a==="token"&&s`<span class="muted"> (recommended)</span>`}</span>
					</label>`)}
			</fieldset>
			${o==="oauth"?s`<${yd} workspace=${t} onDone=${r} />`:s`<${gd} key=${o} workspace=${t} connection=${e} method=${o} onDone=${r} />`}
		</div>`}function gd({workspace:t,connection:e,method:r,onDone:o}){let n=t.db.collection("connections"),{run:i,busy:a,error:l}=k(async f=>{let g=w=>String(f.get(w)??"").trim(),y={method:r,...r==="token"&&{email:g("loom-email")},site:g("loom-site")},x={secret:g("loom-secret"),settings:y},S=e?await n.update(e.id,x):await n.create({provider:"loom",...x});t.connections.put(S),Ot(),o()}),c=f=>{f.preventDefault(),i(new FormData(f.currentTarget))},p=r==="token",d=l?F(l,"secret"):"",h=e?.settings;return s`
		<form onSubmit=${c}>
			${p?s`<${kd} />`:s`<${bd} />`}
			${p&&s`
				<${A} id="loom-email" label="E-mail address at Atlassian" type="email" required autocomplete="off" spellcheck=${!1}
					defaultValue=${h?.email??t.user.email} />`}
			<${A} id="loom-secret" label=${Pr[r]} type="password" required autocomplete="off" spellcheck=${!1} error=${d} />
			<${A} id="loom-site" label="Atlassian site (optional)" autocomplete="off" spellcheck=${!1} placeholder="your-team.atlassian.net"
				defaultValue=${h?.method===r?h.site??"":""} hint="If you have several sites, you can also choose one afterwards." />
			${l&&!d&&s`<${m}>${b(l)}</${m}>`}
			<div class="actions">
				<${u} type="submit" busy=${a}>${a?"Connecting\u2026":"Connect"}</${u}>
				<${u} kind="quiet" onClick=${o}>Cancel</${u}>
			</div>
		</form>`}var kd=()=>s`
	<p><${P} href=${$d}>Create an API token at Atlassian</${P}> for the app <strong>Rovo MCP V2</strong> with all
	scopes, as the link preselects. Needed are <code>read:me</code>, <code>read:account</code>, <code>read:loom:agent-interface</code>
	${" "}and <code>write:loom:agent-interface</code>. Tokens of other apps don’t work. They expire after a year at most.</p>
	<p>An organization admin must allow API tokens under Rovo → Rovo MCP server → Authentication.</p>`,bd=()=>s`
	<p>An organization admin creates service accounts and their API keys in <${P} href="https://admin.atlassian.com">Atlassian
	Administration</${P}>. The key needs the Loom scopes for reading and writing. Organization API keys don’t work.</p>
	<p>The service account owns the videos that it uploads. Let your workspace watch them, or you can’t either.</p>`;function yd({workspace:t,onDone:e}){let{run:r,busy:o,error:n}=k(()=>Le(t)),i=Qo(location);return s`
		<div class="loom-connect">
			${i.text&&s`<${m} kind="note">${i.text}</${m}>`}
			${i.isPossible&&s`<p>You sign in on Atlassian’s page, allow access to one site, and return here.</p>`}
			<div class="actions">
				${i.isPossible&&s`
					<${u} kind=${i.isLocal?"primary":"quiet"} busy=${o} onClick=${r}>${o?"Opening Atlassian\u2026":"Connect Atlassian"}</${u}>`}
				<${u} kind="quiet" onClick=${e}>Cancel</${u}>
			</div>
			${n&&s`<${m}>${b(n)}</${m}>`}
		</div>`}function Oi({workspace:t,connection:e,onReplace:r}){let{site:o,sites:n}=e.details??{},i=(n??[]).length<2;return s`
		<dl class="facts">
			<div><dt>Connected with</dt><dd>${Ko(e)}</dd></div>
			${o&&i&&s`<div><dt>Site</dt><dd>${o.name||o.url}</dd></div>`}
			<div><dt>Can</dt><dd>${Zo(e)}</dd></div>
			${e.checked_at&&s`<div><dt>Checked</dt><dd>${J(e.checked_at,z(e.checked_at))}</dd></div>`}
		</dl>
		<${vd} workspace=${t} connection=${e} />
		<${xd} workspace=${t} connection=${e} />
		<${Td} workspace=${t} connection=${e} onReplace=${r} />`}function vd({workspace:t,connection:e}){let{status:r,reason:o,details:n}=e;if(r==="checking")return s`<p class="muted">Atlassian is asked what this connection can do.</p>`;let i=[n?.message,n?.advice].filter(Boolean).join(" ")||o;if(!i)return ge(e)&&s`<p>Recordings are uploaded to Loom for you.</p>`;let a=ee(n?.link);return s`
		<${m} kind=${r==="invalid"?"problem":"note"}>
			${i}${a&&s`${" "}<${P} href=${a}>Open ${new URL(a).host}</${P}>`}
		</${m}>
		${!ge(e)&&r!=="unchecked"&&s`<p class="muted">${wd(t,e)}</p>`}`}function wd({requiresLoom:t},e){return t?"Until then, uploads to Loom fail.":`Until then, you upload copied videos to Loom yourself.${qt(e)?" Its link is found by title and length.":""}`}function xd({workspace:t,connection:e}){let r=e.details?.sites??[],o=e.details?.site?.id??"",{run:n,busy:i,error:a}=k(async c=>{let p={...e.settings,site:c};t.connections.put(await t.db.collection("connections").update(e.id,{settings:p}))});return!r.length&&e.details?.state==="choose_site"?s`<${Sd} site=${e.settings?.site??""} busy=${i} error=${a} onSave=${n} />`:r.length<2?null:s`
		<div class="field">
			<label for="loom-sites">Atlassian site</label>
			<select id="loom-sites" value=${o} disabled=${i||e.status==="checking"} onChange=${c=>n(c.currentTarget.value)}>
				${!o&&s`<option value="">Choose a site</option>`}
				${r.map(({id:c,name:p,url:d})=>s`<option key=${c} value=${c}>${p||d}</option>`)}
			</select>
			${a&&s`<p class="error" role="alert">${b(a)}</p>`}
		</div>`}function Sd({site:t,busy:e,error:r,onSave:o}){return s`
		<form onSubmit=${i=>{i.preventDefault(),o(String(new FormData(i.currentTarget).get("loom-site")).trim())}}>
			<${A} id="loom-site" label="Atlassian site" required autocomplete="off" spellcheck=${!1} placeholder="your-team.atlassian.net"
				defaultValue=${t} error=${r?b(r):""} />
			<${u} type="submit" kind="quiet" busy=${e}>Use this site</${u}>
		</form>`}function Td({workspace:t,connection:e,onReplace:r}){let{db:o,connections:n}=t,i=k(async()=>n.put(await o.send("/api/loom/check",{method:"POST"}))),a=k(()=>Le(t)),l=i.busy||e.status==="checking",c=e.settings?.method==="oauth",p=e.status==="invalid"&&e.details?.state==="reconnect",d=i.error??a.error;return s`
		<div class="actions">
			${p&&s`<${u} busy=${a.busy} onClick=${c?a.run:r}>Connect again</${u}>`}
			<${u} kind="quiet" busy=${l} onClick=${i.run}>${l?"Checking\u2026":"Check again"}</${u}>
			<${u} kind="quiet" aria-label="Change: Loom" onClick=${r}>Change</${u}>
			<${no} workspace=${t} connection=${e} />
		</div>
		${d&&s`<${m}>${b(d)}</${m}>`}`}function no({workspace:{db:t,connections:e,requiresLoom:r},connection:o}){return s`
		<${E} label="Disconnect" subject="Loom" action=${async()=>{await t.collection("connections").delete(o.id),e.remove(o.id)}} question=${`Disconnect Loom? Videos that are on Loom are kept. ${r?"Later transfers to Loom fail.":"You upload the files of later transfers yourself."}`} />`}function Mi({workspace:t}){let{value:e,save:r,error:o,loaded:n}=ie(t.preferences,"loom",{}),{visibility:i="owner",folder:a=Tn}=e,l=c=>r(Cn({visibility:i,folder:a,...c}));return s`
		<h3>Uploaded videos</h3>
		<${Qt} id="loom-visibility" label="Who can watch them" value=${i} disabled=${!n} onChange=${c=>l({visibility:c})} />
		<${Gt} workspace=${t} id="loom-folder" label="Folder" value=${a} disabled=${!n} onChange=${c=>l({folder:c})} />
		<p class="hint">These apply to videos that are uploaded from now on. Each rule and each upload can choose others.</p>
		${o&&s`<p class="error" role="alert">${F(o,"value")||b(o)}</p>`}`}function qi({workspace:t}){let{run:e,busy:r,error:o}=k(()=>Le(t));return Yo.value?s`
		<${m}>${o?b(o):Go(location)}</${m}>
		<div class="actions">
			<${u} kind="quiet" busy=${r} onClick=${e}>Sign in again</${u}>
			<${u} kind="link" onClick=${Ot}>Dismiss</${u}>
		</div>`:null}var Ni=({result:t})=>t&&s`<${m} kind="note">${yn(t)}</${m}>`;var Cd=2e3;function kr({workspace:t,id:e}){let[r,o]=$(null),[n,i]=$(0),[a,l]=$({}),c=ge(t.loom)&&t.loom?.status==="valid"&&t.meetings.states.value.your_turn?t.waitingUploads:[];if(!c.length&&!r)return null;let p={recording_ids:c.slice(0,Cd)},d=async()=>{let{created:y}=await t.transferMany(p,{dryRun:!0});if(!y)throw new Error("None of them can be uploaded now. Check your connection to Loom.");i(y)},h=async()=>{let y=await t.transferMany(p,a);o({...y,waiting:0,left:y.left+c.length-p.recording_ids.length})},f=qe(t.delivery,a),g=f.by==="server"?` ${it(f.visibility,n===1?"it":"them")}`:"";return s`
		<section class="waiting-uploads" aria-label="Recordings that wait for you">
			${c.length>0&&s`
				<p>${C(c.length,"recording waits for you to upload it","recordings wait for you to upload them")} to Loom.</p>
				<${E} kind="primary" label=${c.length===1?"Upload it now":"Upload them now"} confirmLabel="Upload" prepare=${d} action=${h}
					question=${`Upload ${C(n,"recording")} to Loom?${g} Videos that are there already are not uploaded again.`}>
					<${ke} workspace=${t} id=${e} choice=${a} onChange=${l} many=${!0} offersByHand=${!1} />
				</${E}>`}
			<${Ni} result=${r} />
		</section>`}var zi=({workspace:t})=>Y.value.loomUploader==="handover"?s`<${Ad} workspace=${t} />`:s`<${Ld} workspace=${t} />`;function Ad({workspace:t}){let e=t.connections.find(({provider:r})=>r==="loom");return s`
		<section class="card" aria-labelledby="loom-heading">
			<div class="card-head"><h2 id="loom-heading">Loom</h2><${re} tone="plain">No key needed</${re}></div>
			<p>Copied videos wait for you. You upload each on Loom’s website and paste the link that Loom gives you.</p>
			${e&&s`
				<p class="muted">This server uses the connection that you have saved only to find and check your videos, not to upload.</p>
				<${no} workspace=${t} connection=${e} />`}
		</section>`}function Ld({workspace:t}){let[e,r]=$(!1),o=U(null),n=t.loom,i=()=>{r(!1),o.current?.focus({preventScroll:!0})};return s`
		<section class="card" aria-labelledby="loom-heading">
			<div class="card-head">
				<h2 id="loom-heading" tabindex="-1" ref=${o}>Loom</h2>
				<${pt} connection=${n} />
			</div>
			${!n&&s`
				<p>${t.requiresLoom?"Uploads to Loom need a connection on this server.":"Without a connection, copied videos wait for you. You upload each on Loom\u2019s website and paste the link that Loom gives you."}
				${" "}With a connection to Atlassian, which Loom belongs to, this server uploads the files for you.</p>`}
			${!e&&s`<${qi} workspace=${t} />`}
			${n&&!e&&s`<${Oi} workspace=${t} connection=${n} onReplace=${()=>r(!0)} />`}
			${e&&s`<${Ii} workspace=${t} connection=${n} onDone=${i} />`}
			${!n&&!e&&s`<${u} kind="quiet" onClick=${()=>r(!0)}>Connect Loom</${u}>`}
			${ge(n)&&!e&&s`
				<${kr} workspace=${t} id="waiting" />
				<${Mi} workspace=${t} />`}
		</section>`}function br({workspace:t,provider:e,id:r,title:o,purpose:n,summary:i,fields:a,read:l}){let c=t.connections.find(w=>w.provider===e),[p,d]=$(!1),h=t.db.collection("connections"),{run:f,busy:g,error:y}=k(async w=>{let _=l(w),L=c?await h.update(c.id,_):await h.create({provider:e,..._});t.connections.put(L),d(!1)}),x=w=>{w.preventDefault(),f(new FormData(w.currentTarget))},S=async()=>{c&&(await h.delete(c.id),t.connections.remove(c.id))};return s`
		<section class="card" aria-labelledby=${`${r}-heading`}>
			<div class="card-head">
				<h2 id=${`${r}-heading`}>${o}</h2>
				<${pt} connection=${c} />
			</div>
			<p>${c?i(c.settings??{}):n}</p>
			${c?.reason&&s`<${m} kind=${c.status==="invalid"?"problem":"note"}>${c.reason}</${m}>`}
			${p?s`
				<form onSubmit=${x}>
					${a(c?.settings??{},!!c)}
					<div class="actions">
						<${u} type="submit" busy=${g}>${g?"Testing\u2026":"Save"}</${u}>
						<${u} kind="quiet" onClick=${()=>d(!1)}>Cancel</${u}>
					</div>
					${y&&s`<${m}>${b(y)}</${m}>`}
				</form>`:s`
				<div class="actions">
					<${u} kind="quiet" aria-label=${`${c?"Change":"Add"}: ${o}`} onClick=${()=>d(!0)}>${c?"Change":"Add"}</${u}>
					${c&&s`<${E} label="Remove" subject=${o} action=${S} question="Remove these settings?" />`}
				</div>`}
		</section>`}function Ui({workspace:t}){return s`<${br} workspace=${t} provider="smtp" id="mail-server" title="Mail server"
		purpose="Notifications can be sent through a mail server of your own."
		summary=${e=>`Sends from ${e.from} through ${e.host}, port ${e.port}.`}
		fields=${_d} read=${Rd} />`}function _d(t,e){return s`
		<${A} id="mail-host" label="Host" defaultValue=${t.host??""} placeholder="smtp.example.com" required autocomplete="off" spellcheck=${!1} />
		<${A} id="mail-port" label="Port" defaultValue=${t.port??587} inputmode="numeric" required autocomplete="off" hint="25, 465, 587 or 2525." />
		<div class="field">
			<label for="mail-security">Encryption</label>
			<select id="mail-security" name="mail-security">
				<option value="starttls" selected=${t.security!=="tls"}>STARTTLS</option>
				<option value="tls" selected=${t.security==="tls"}>TLS (usually port 465)</option>
			</select>
		</div>
		<${A} id="mail-username" label="User name" defaultValue=${t.username??""} required autocomplete="off" spellcheck=${!1} />
		<${A} id="mail-password" label="Password" type="password" required=${!e} autocomplete="new-password" hint=${e?"Leave it blank to keep the saved one.":""} />
		<${A} id="mail-from" label="Sender" defaultValue=${t.from??""} placeholder="ada@example.com" required autocomplete="off" spellcheck=${!1} />`}function Rd(t){let e=o=>String(t.get(o)??"").trim();return{settings:{host:e("mail-host"),port:Number(e("mail-port")),security:e("mail-security"),username:e("mail-username"),from:e("mail-from")},...e("mail-password")&&{secret:e("mail-password")}}}var Pd={on:"Problems and recordings that are ready are shown while Fathom-to-Loom is open in a tab.",off:"",blocked:"Your browser blocks notifications of this site. Allow them in the browser\u2019s settings for this site.",unsupported:"This browser shows notifications only if the site is opened with HTTPS."};function ji({workspace:{notifications:t}}){let e=t.state.value,{run:r,busy:o}=k(n=>t.choose(n));return s`
		<fieldset class="choices">
			<legend>In this browser</legend>
			<${Ae} label="Show notifications" checked=${e==="on"} disabled=${o||e==="blocked"||e==="unsupported"} onChange=${r} />
			<p class="hint" role="status">${Pd[e]}</p>
		</fieldset>`}var Ed={failed:"When there is a problem, or something stops",your_turn:"When it is your turn to upload a recording to Loom",digest:"Every Monday, a summary of the week"},Dd={failed:!0,your_turn:!0,digest:!1};function Wi({workspace:t}){let{value:e,save:r,error:o,loaded:n}=ie(t.preferences,"notify"),i={...Dd,...e};return s`
		<section class="card" aria-labelledby="notifications-heading">
			<h2 id="notifications-heading">Notifications</h2>
			<fieldset class="choices" disabled=${!n}>
				<legend>Send e-mail to ${t.user.email}</legend>
				${Object.entries(Ed).map(([a,l])=>s`
					<${Ae} key=${a} label=${l} checked=${i[a]} onChange=${c=>r({...i,[a]:c})} />`)}
			</fieldset>
			${o&&s`<${m}>${b(o)}</${m}>`}
			<${Fd} workspace=${t} />
			<${ji} workspace=${t} />
		</section>`}function Fd({workspace:t}){let e=t.connections.find(({provider:r})=>r==="smtp");return!t.connections.loaded.value||e&&e.status!=="invalid"?null:Y.value.mail?t.isVerified.value?null:s`
		<p class="hint">Your address is not confirmed, so this server sends no notifications to it. Confirm it, or add a mail server of your own below.</p>
		<${Bd} workspace=${t} />`:s`<p class="hint">This server sends no e-mail. Add a mail server of your own below.</p>`}function Bd({workspace:t}){return v(()=>{let e=()=>!document.hidden&&t.checkVerified().catch(()=>{}),r=["visibilitychange","focus"];for(let o of r)addEventListener(o,e);return e(),()=>r.forEach(o=>removeEventListener(o,e))},[t]),s`<${nt} email=${t.user.email} label="Send me a confirmation link" />`}var Hi=20;function Yi({workspace:t}){let e=K(()=>{let o=t.db.collection("notices");return new ot(t.streams.database,"notices",async()=>(await o.getList(1,Hi,{sort:"-created"})).items)},[]);v(()=>(e.start(),()=>e.stop()),[e]);let r=[...e.records.value.values()].sort((o,n)=>n.created.localeCompare(o.created)).slice(0,Hi);return e.error.value?s`<${m}>${e.error.value}</${m}>`:r.length?s`
		<section class="card" aria-labelledby="notices-heading">
			<h2 id="notices-heading">Latest</h2>
			<ul class="notices">
				${r.map(o=>s`
					<li key=${o.id}>
						<${Id} notice=${o} meeting=${o.recording_id?t.lookup.get(o.recording_id):void 0} />
						${" "}<span class="muted">${J(o.created,z(o.created))}</span>
					</li>`)}
			</ul>
		</section>`:null}var Id=({notice:t,meeting:e})=>e?s`<a href=${Q(e.id)}>${t.text}</a>`:t.text;var Od={google:"Google",github:"GitHub",fathom:"Fathom",loom:"Loom",smtp:"your mail server",webhook:"your webhook"},Ye=t=>Od[t]??t,Md={password:"a password",otp:"a code sent by e-mail"},qd={sign_in:t=>`Signed in with ${Md[t]??Ye(t)}`,sign_in_failed:(t,e)=>`${e>1?`${e} sign-ins`:"A sign-in"} failed because of a wrong ${t==="otp"?"code":"password"}`,password_changed:()=>"Password changed",email_changed:()=>"E-mail address changed",sessions_ended:()=>"Signed out everywhere",two_step_on:()=>"Two-step sign-in turned on",two_step_off:()=>"Two-step sign-in turned off",oauth2_linked:t=>`Sign-in with ${Ye(t)} added`,oauth2_unlinked:t=>`Sign-in with ${Ye(t)} removed`,token_created:t=>`API token \u201C${t}\u201D created`,token_revoked:t=>`API token \u201C${t}\u201D revoked`,tokens_revoked:t=>t==="1"?"An API token was revoked":`${t} API tokens were revoked`,share_created:t=>`Link to recording ${t} created`,share_changed:t=>`Link to recording ${t} changed`,share_revoked:t=>`Link to recording ${t} revoked`,assistant_connected:t=>`Access given to the assistant ${t}`,assistant_disconnected:t=>`Access of the assistant ${t} revoked`,assistant_reused:t=>`Access of the assistant ${t} revoked, because a code or token of it was used twice`,connection_added:t=>`Connection to ${Ye(t)} added`,connection_replaced:t=>`Connection to ${Ye(t)} replaced`,connection_changed:t=>`Connection to ${Ye(t)} changed`,connection_removed:t=>`Connection to ${Ye(t)} removed`,database_opened:()=>"Your data was opened",titles_shown:()=>"Titles of your jobs were shown",database_exported:()=>"Your data was exported",meetings_exported:()=>"Meetings were downloaded",database_imported:()=>"Your data was imported",database_archived:()=>"Your data was archived",database_restored:t=>t==="backup"?"Your data was restored from a backup":"Your data was restored",deletion_scheduled:()=>"Deletion of your data requested",deletion_undone:()=>"Deletion of your data cancelled",database_deleted:()=>"Your data was deleted"};function Nd({actor:t,actor_email:e}){return t==="superuser"?` by the administrator ${e}`:t==="operator"?" by the operator of this server":t==="server"?" by this server":""}function Zi(t){let e=qd[t.event]?.(t.detail,t.count)??t.event.replaceAll("_"," "),r=t.count>1&&t.event!=="sign_in_failed"?` (${t.count} times)`:"";return`${e}${Nd(t)}${r}.`}var zd=[[/\bEdg(e|A|iOS)?\//,"Edge"],[/\bOPR\//,"Opera"],[/\b(Firefox|FxiOS)\//,"Firefox"],[/\b(HeadlessChrome|Chrome|CriOS|Chromium)\//,"Chrome"],[/\bSafari\//,"Safari"]],Ud=[[/\b(iPhone|iPad)\b/,"iOS"],[/\bAndroid\b/,"Android"],[/\bWindows\b/,"Windows"],[/\bMac OS X\b/,"macOS"],[/\bLinux\b/,"Linux"]],Vi=(t,e)=>t.find(([r])=>r.test(e))?.[1]??"";function Ki({address:t,user_agent:e}){let r=Vi(zd,e),o=r&&Vi(Ud,e);return[t,r&&o?`${r} on ${o}`:r].filter(Boolean).join(", ")}var jd=20;function so({id:t,title:e,events:r=[],onReady:o}){let[n,i]=$(null),[a,l]=$(!1),{run:c,busy:p,error:d}=k(async()=>{let h=(n?.length??0)+jd,f=await N.collection("audit_events").getList(1,h+1,{sort:"-last_at,-@rowid",skipTotal:!0,filter:r.map(g=>`event = '${g}'`).join(" || ")});i(f.items.slice(0,h)),l(f.items.length>h)});return v(()=>{c().then(o)},[]),s`
		<section class="card" aria-labelledby=${`${t}-heading`}>
			<h2 id=${`${t}-heading`}>${e}</h2>
			<p class="muted">${r.length?"If you don\u2019t recognize a sign-in, change your password.":"If you don\u2019t recognize something, change your password and your Fathom API key."}</p>
			${!n&&!d&&s`<${q} label="Loading activity" />`}
			${n&&s`
				<ul class="notices">
					${n.map(h=>s`<li key=${h.id}><${Hd} event=${h} /></li>`)}
				</ul>`}
			${n?.length===0&&s`<p>Nothing is recorded yet.</p>`}
			${d&&s`<${m}>${b(d)} <${u} kind="link" onClick=${c}>Try again</${u}></${m}>`}
			${a&&s`<${u} kind="quiet" busy=${p} onClick=${c}>Show more</${u}>`}
		</section>`}function Hd({event:t}){let e=Ki(t);return s`
		${Zi(t)}${" "}
		<span class="muted">${J(t.last_at,z(t.last_at))}${e&&` from ${e}`}</span>`}function Qi({workspace:{user:t,isVerified:e}}){let[r,o]=$(""),{run:n,busy:i,error:a}=k(Zn),l=async p=>{p.preventDefault();let d=p.currentTarget,h=String(new FormData(d).get("new-email")).trim();o(""),await n(h)&&(o(h),d.reset())},c=F(a,"newEmail");return s`
		<section class="card" aria-labelledby="email-heading">
			<h2 id="email-heading">E-mail address</h2>
			<p><strong>${t.email}</strong> ${e.value?"(confirmed)":"(not confirmed)"}</p>
			${Y.value.mail?s`
					${!e.value&&s`<${nt} email=${t.email} label="Send the link that confirms it" />`}
					<form onSubmit=${l}>
						<${A} id="new-email" label="New e-mail address" type="email" required autocomplete="email" error=${c} />
						${a&&!c&&s`<${m}>${R(a)}</${m}>`}
						<${u} type="submit" kind="quiet" busy=${i}>Change address</${u}>
					</form>
					${r&&s`<${m} kind="note">Open the link in the message that was sent to ${r}. Until then, you sign in as before.</${m}>`}`:s`<p>This server can’t send e-mail, so it can’t check a new address. Ask <${Me} /> to change yours.</p>`}
		</section>`}function Gi({email:t,providers:e}){let[r,o]=$(!1),{run:n,busy:i,error:a}=k(mn),l=async d=>{d.preventDefault();let h=d.currentTarget,f=new FormData(h);o(!1),await n(String(f.get("old-password")),String(f.get("new-password")))&&(h.reset(),o(!0))},c=F(a,"oldPassword"),p=F(a,"password");return s`
		<section class="card" aria-labelledby="password-heading">
			<h2 id="password-heading">Password</h2>
			<p class="muted">Changing it signs out all other browsers, and revokes all API tokens and the access of assistants.</p>
			<form onSubmit=${l}>
				<${A} id="old-password" label="Current password" type="password" required autocomplete="current-password" error=${c} />
				<${$r} id="new-password" email=${t} error=${p} />
				${a&&!c&&!p&&s`<${m}>${b(a)}</${m}>`}
				<${u} type="submit" kind="quiet" busy=${i}>Change password</${u}>
			</form>
			${r&&s`<${m} kind="note">Your password was changed. You are still signed in here.</${m}>`}
			${e.length>0&&s`<${Wd} email=${t} />`}
		</section>`}function Wd({email:t}){let[e,r]=$(!1),{run:o,busy:n,error:i}=k(er),a=async()=>r(await o(t));return Y.value.mail?s`
		<div>
			<p>You have never set a password? <${u} kind="link" busy=${n} onClick=${a}>Send a link to choose one</${u}></p>
			<p class="muted" role="status">${e&&`A link is on its way to ${t}.`}</p>
			${i&&s`<${m}>${R(i)}</${m}>`}
		</div>`:s`<p>You have never set a password? Ask <${Me} /> for one.</p>`}var Yd=()=>N.send("/api/account/two-step/code",{method:"POST"});function Xi({workspace:t,security:{two_step:e,two_step_available:r},onChange:o}){let[n,i]=$(void 0),a=U(null);ye(()=>{n===!1&&a.current?.querySelector("button")?.focus()},[n]);let l=async(d,h)=>{await N.send("/api/account/two-step",{method:"POST",body:{on:!e,otpId:d,code:h}}),await o(),i(!1)},c=e?"Turn off":"Turn on",p=r&&(e||t.isVerified.value);return s`
		<section class="card" aria-labelledby="two-step-heading" ref=${a}>
			<h2 id="two-step-heading">Two-step sign-in</h2>
			<p role="status"><strong>${e?"On.":"Off."}</strong> ${e?"Whoever signs in to your account also needs a code that is sent to your e-mail address.":"If it is on, whoever signs in to your account also needs a code that is sent to your e-mail address. Somebody who only knows your password stays out."}</p>
			${!r&&s`<p>${e?s`This server can’t send codes at the moment. Ask <${Me} /> before you sign out.`:"This server can\u2019t send codes."}</p>`}
			${r&&!p&&s`<p>Confirm your e-mail address first, above.</p>`}
			${p&&!n&&s`<${u} kind="quiet" onClick=${()=>i(!0)}>${c}</${u}>`}
			${p&&n&&s`
				<${bn} id="two-step-code" send=${Yd} submit=${l} label=${c} onCancel=${()=>i(!1)} cancelLabel="Cancel" />`}
		</section>`}function Ji({workspace:t}){let[e,r]=$(null),{run:o,error:n}=k(async()=>{let l=await N.send("/api/account/security",{});t.isVerified.value=l.verified,r(l)}),[i,a]=$(!1);return v(()=>{o()},[]),s`
		<${Qi} workspace=${t} />
		${!e&&!n&&s`<${q} label="Loading security" />`}
		${n&&s`<${m}>${b(n)} <${u} kind="link" onClick=${o}>Try again</${u}></${m}>`}
		${e&&s`
			<${Gi} email=${t.user.email} providers=${e.providers} />
			<${Xi} workspace=${t} security=${e} onChange=${o} />
			<${Vd} />`}
		${(e||n)&&s`<${so} id="sign-ins" title="Recent sign-ins" events=${kn} onReady=${()=>a(!0)} />`}
		${i&&s`<${so} id="activity" title="Recent activity" />`}`}function Vd(){let[t,e]=$(!1);return s`
		<section class="card" aria-labelledby="sign-out-heading">
			<h2 id="sign-out-heading">Sign out everywhere</h2>
			<p>Signs out all other browsers and devices at once, and revokes all API tokens and the access of assistants. You stay signed in here.</p>
			<${E} label="Sign out everywhere else" question="Scripts and assistants that use a token stop working. Sign out everywhere else?"
				action=${async()=>{await hn(),e(!0)}} />
			<p class="muted" role="status">${t&&"All other browsers and devices were signed out."}</p>
		</section>`}var Zd=86400,Kd=[0,1,7,30,90,365];function ea({workspace:{preferences:t}}){let{value:e,save:r,error:o,loaded:n}=ie(t,"keep_recordings"),i=Number(e)||0;return s`
		<div class="field">
			<label for="retention">Keep videos that are on Loom</label>
			<select id="retention" value=${String(i)} disabled=${!n} aria-describedby="retention-hint"
				onChange=${a=>r(Number(a.currentTarget.value)||void 0)}>
				${[...new Set([...Kd,i])].map(a=>s`
					<option key=${a} value=${String(a)}>${a?Ft(a*Zd):"For ever"}</option>`)}
			</select>
			<p class="hint" id="retention-hint">After this time, the copy of a video that is stored here is deleted, also of those that were delivered before.
			Videos that are not on Loom yet, or whose link could not be checked, are kept.</p>
			${o&&s`<p class="error" role="alert">${b(o)}</p>`}
		</div>`}var ta=10,Qd=40,Gd=50;function ra({workspace:t,onDelete:e}){let{db:r}=t,[o,n]=$([]),[i,a]=$(0),[l,c]=$(ta),{run:p,busy:d,error:h}=k(async(w=ta)=>{let _=[];for(let L=1;(L-1)*Gd<w;L++)_.push(await r.send("/api/usage/meetings",{query:{page:L}}));n(_.flatMap(({items:L})=>L).slice(0,w)),a(_[0].totalItems),c(w)});v(()=>{p()},[]);let[f,g]=$(new Set),y=(w,_)=>{let L=new Set(f);_?L.add(w):L.delete(w),g(L)},x=async w=>{try{await Zt(r,w)}finally{g(new Set([...f].filter(_=>!w.includes(_)))),await p(l),e()}},S=o.filter(({recording:w,video:_})=>_>0&&f.has(w));return s`
		${h&&s`<${m}>${b(h)} <${u} kind="link" onClick=${()=>p(l)}>Try again</${u}></${m}>`}
		${o.length>0&&s`
			<h3>Largest meetings</h3>
			<ul class="videos">
				${o.map(w=>s`<${Jd} key=${w.meeting} workspace=${t} usage=${w} isChosen=${f.has(w.recording)}
					onChoose=${_=>y(w.recording,_)} onDelete=${()=>x([w.recording])} />`)}
			</ul>
			${S.length>0&&s`<${Xd} workspace=${t} selected=${S} action=${()=>x(S.map(({recording:w})=>w))} />`}
			${o.length<i&&s`
				<p class="more">
					<${u} kind="quiet" busy=${d} onClick=${()=>p(l+Qd)}>Show more</${u}>
					<span class="muted">${o.length} of ${C(i,"meeting")}</span>
				</p>`}`}`}function Xd({workspace:t,selected:e,action:r}){let o=H(e.reduce((i,{video:a})=>i+a,0)),n=e.filter(({recording_id:i})=>t.transferOf(i)?.status!=="delivered").length;return s`
		<${E} label=${`Delete ${C(e.length,"video")} (${o})`} confirmLabel="Delete" action=${r}
			question=${`Delete ${C(e.length,"video")} and free ${o}? ${Fn(n)}`} />`}function Jd({workspace:t,usage:e,isChosen:r,onChoose:o,onDelete:n}){let i=t.transferOf(e.recording_id),a=M(e.title),{label:l}=t.stateOf(e.recording_id),c=[e.video>0&&`${H(e.video)} video`,`${H(e.text)} text`,l].filter(Boolean);return s`
		<li>
			<input type="checkbox" aria-label=${`Select: ${a}`} checked=${r} disabled=${!(e.video>0)}
				onChange=${p=>o(p.currentTarget.checked)} />
			<div>
				<a dir="auto" href=${Q(e.meeting)}>${a}</a>
				<p class="muted">${c.join(" \xB7 ")}</p>
			</div>
			${e.video>0&&s`
				<${E} label="Delete video" subject=${a} action=${n} question=${eu(e,i?.status==="delivered")} />`}
		</li>`}function eu({video:t},e){return`Delete this video and free ${H(t)}? ${e?"The video on Loom is kept.":"It is not on Loom yet. You can copy the meeting again."}`}function oa({workspace:t}){let{storage:e}=t,r=e.usage.value,{run:o,error:n}=k(()=>e.read());return v(()=>{o()},[]),s`
		<section class="card" aria-labelledby="storage-heading">
			<h2 id="storage-heading">Storage</h2>
			${n&&s`<${m}>${b(n)} <${u} kind="link" onClick=${o}>Try again</${u}></${m}>`}
			${!r&&!n&&s`<${q} label="Loading storage use" />`}
			${r&&s`<${tu} bytes=${r.bytes} quota=${r.quota} />`}
			<p class="muted">Your meetings, transcripts and videos are stored in your own database. To free space, delete
			videos. Summaries and transcripts are kept.</p>
			<${ea} workspace=${t} />
			<${ra} workspace=${t} onDelete=${o} />
		</section>`}function tu({bytes:t,quota:e}){if(!e)return s`<p><strong>${H(t)}</strong> used.</p>`;let r=t>=e;return s`
		<div class="progress">
			<progress aria-label="Storage used" max="1" value=${Math.min(t/e,1)} />
			<p><strong>${H(t)}</strong> of ${H(e)} used (${Bt(t/e)}).</p>
		</div>
		${r&&s`<${m}>Your storage is full. Delete videos to copy more.</${m}>`}`}var io={kind:"fathom.sync",payload:{}},na=({kind:t,payload:e})=>t===io.kind&&!e?.full,sa=t=>t?{every:t,enabled:!0}:{enabled:!1},ia=t=>t?.enabled?t.every:0;var aa={0:"Never",3600:"Every hour",21600:"Every 6 hours",86400:"Every day"};function la({workspace:t}){let e=N.collection("job_schedules"),r=K(()=>new ot(t.streams.global,"job_schedules",()=>e.getFullList()),[]);v(()=>(r.start(),()=>r.stop()),[r]);let o=r.find(na),[n,i]=$(""),{run:a,busy:l,error:c}=k(async x=>{if(!o&&!x)return;let S=sa(x),w=o?e.update(o.id,S):e.create({...io,...S});r.put(await w)}),p=x=>{i(x.currentTarget.value),a(Number(x.currentTarget.value))},d=String(ia(o)),h=d!=="0",f={...aa,[d]:aa[d]??`Every ${Je(Number(d))}`},g=h&&o?.stopped,y=c?b(c):r.error.value||o?.error;return s`
		<div class="field">
			<label for="auto-sync">Sync automatically</label>
			<select id="auto-sync" value=${l?n:d} disabled=${l||!r.loaded.value} aria-describedby="auto-sync-hint" onChange=${p}>
				${Object.entries(f).map(([x,S])=>s`<option key=${x} value=${x}>${S}</option>`)}
			</select>
			<p class="hint" id="auto-sync-hint" aria-live="polite">${h&&!g&&o?.next_run_at?`Next sync ${Mo(o.next_run_at,z())}.`:""}</p>
			${g&&s`<p class="error" role="alert">${g} <${u} kind="link" busy=${l} onClick=${()=>a(o.every)}>Resume</${u}></p>`}
			${y&&s`<p class="error" role="alert">${y}</p>`}
		</div>`}var Rt="New meetings are found by the automatic sync.";function ca(t,e=Date.now()){switch(t.status){case"off":return Rt;case"unavailable":return`Not possible on this server: Fathom can\u2019t reach it, because it has no public https address, or its operator has turned this off. ${Rt}`;case"refused":return`Fathom refused to create the webhook. Your plan or your role there may not include webhooks. ${Rt}`;case"lost":return`Fathom didn\u2019t confirm the webhook, so a new one is requested after a sync. If Fathom\u2019s settings list one that you don\u2019t need, delete it there. ${Rt}`;case"active":return ru(t,e);default:return"The webhook is created after the next sync."}}function ru({working:t,last_message_at:e},r){if(!e)return"The webhook is ready. No message has arrived yet.";let o=`The last message arrived ${J(e,r)}.`;return t?`Works. ${o}`:`Fathom hasn\u2019t reported the newest meetings. ${o} ${Rt}`}var ou=["fathom.sync","fathom.webhook"];function da({workspace:t,onReady:e}){let{preferences:r,db:o,jobs:n}=t,i=ie(r,"webhook",!0),[a,l]=$(null),{run:c,error:p}=k(async()=>l(await o.send("/api/fathom-webhook",{}))),d=r.get("webhook"),h=n.all.filter(({kind:y})=>ou.includes(y)).map(({id:y,status:x})=>`${y} ${x}`).sort().join();v(()=>{c()},[d,h]);let f=!!(a||p);v(()=>{f&&e()},[f]);let g=i.error??p;return s`
		<div class="choices">
			<${Ae} label="Let Fathom report new meetings" checked=${i.value} disabled=${!i.loaded||a?.status==="unavailable"}
				onChange=${y=>i.save(y?void 0:!1)} />
			<p class="hint" role="status">${a&&ca(a,z(a.last_message_at))}</p>
			${g&&s`<p class="error" role="alert">${b(g)}</p>`}
		</div>`}function ua({workspace:{preferences:t,user:e}}){let r=ie(t,"my_emails",[e.email]),{error:o}=r;return s`
		<${_t} id="my-emails" label="My e-mail addresses at Fathom" entries=${r.value} disabled=${!r.loaded}
			hint="Rules for meetings “recorded by me” apply to these. Separate several by commas."
			error=${o?F(o,"value")||b(o):""}
			onSave=${n=>r.save(n.length?n:void 0)} />`}function ao({workspace:t,rule:e,onSaved:r,onCancel:o}){let{db:n}=t,i=n.collection("rules"),a=U(null),[l,c]=$(e?.deliver!==!1),p=l&&!!(t.loom||e?.options),[d,h]=$(null),f=()=>new FormData(a.current),{run:g,busy:y,error:x}=k(async()=>{let G=f(),$e={name:String(G.get("rule-name")).trim(),conditions:oo(G),deliver:l,options:An(G)};r(await(e?i.update(e.id,$e):i.create({...$e,enabled:!0})))}),{run:S,busy:w,error:_}=k(async()=>{h(null),h(await n.send("/api/rules/test",{method:"POST",body:{conditions:oo(f())}}))}),L=G=>{G.preventDefault(),g()},B=e?.conditions??{},fe=x??_;return s`
		<form class="rule-form" ref=${a} onSubmit=${L}>
			<${A} id="rule-name" label="Name" required maxlength="100" defaultValue=${e?.name??""} />
			<label class="check-box"><input type="checkbox" name="recorded_by_me" defaultChecked=${B.recorded_by_me} /> Recorded by me</label>
			${Object.entries(gr).map(([G,$e])=>s`
				<${A} key=${G} id=${G} label=${$e} autocomplete="off"
					defaultValue=${(B[G]??[]).join(", ")} hint="Separate several by commas; one of them is enough." />`)}
			<div class="field">
				<label for="external">People from outside</label>
				<select id="external" name="external">
					<option value="any">Doesn’t matter</option>
					<option value="only" selected=${B.external==="only"}>Took part</option>
					<option value="none" selected=${B.external==="none"}>Did not take part</option>
				</select>
			</div>
			<${A} id="min_minutes" label="Minutes, at least" type="number" min="0" max="1440" defaultValue=${B.min_minutes??""} />
			<div class="field">
				<label for="deliver">What to do</label>
				<select id="deliver" value=${String(l)} onChange=${G=>c(G.currentTarget.value==="true")}>
					<option value="true">Upload to Loom</option>
					<option value="false">Only keep a copy here</option>
				</select>
			</div>
			${p&&s`
				<${Qt} id="visibility" label="Who can watch it at Loom" initial=${e?.options?.visibility} usual="As chosen for all uploads" />
				<${Gt} workspace=${t} id="folder" label="Folder at Loom" initial=${e?.options?.folder} usual="As chosen for all uploads" />`}
			${fe&&s`<${m}>${b(fe)}</${m}>`}
			<div class="actions">
				<${u} type="submit" busy=${y}>Save rule</${u}>
				<${u} kind="quiet" busy=${w} onClick=${S}>Show matching meetings</${u}>
				<${u} kind="quiet" onClick=${o}>Cancel</${u}>
			</div>
			${d&&s`<${nu} test=${d} />`}
		</form>`}function nu({test:{matched:t,meetings:e}}){let r=e??[];return s`
		<div role="status">
			<p>${C(t,"meeting matches","meetings match")}. The rule applies to meetings that are added from now on.</p>
			<ul class="notices">${r.map(({meeting:o,title:n,recorded_at:i})=>s`
				<li key=${o}><a dir="auto" href=${Q(o)}>${M(n)}</a> <span class="muted">${de(i)}</span></li>`)}</ul>
			${t>r.length&&s`<p class="muted">The newest ${r.length} are shown.</p>`}
		</div>`}function pa({workspace:t}){let{db:e,streams:r}=t,o=e.collection("rules"),n=K(()=>new ot(r.database,"rules",()=>o.getFullList({sort:"created,id"})),[]),[i,a]=$(null);v(()=>(n.start(),()=>n.stop()),[n]);let l=p=>{n.put(p),a(null)},c=[...n.records.value.values()].sort((p,d)=>p.created.localeCompare(d.created));return s`
		<section class="card" aria-labelledby="rules-heading">
			<div class="card-head"><h2 id="rules-heading">Automatic copies</h2></div>
			<p>New meetings that match a rule are copied without a click. The first rule that matches decides.</p>
			${n.error.value&&s`<${m}>${n.error.value}</${m}>`}
			${c.length>0&&s`
				<ul class="rules">
					${c.map(p=>s`
						<li key=${p.id}>
							${i===p.id?s`<${ao} workspace=${t} rule=${p} onSaved=${l} onCancel=${()=>a(null)} />`:s`<${su} workspace=${t} rules=${n} collection=${o} rule=${p} onEdit=${()=>a(p.id)} />`}
						</li>`)}
				</ul>`}
			${i===""?s`<${ao} workspace=${t} onSaved=${l} onCancel=${()=>a(null)} />`:s`<${u} kind="quiet" disabled=${!n.loaded.value} onClick=${()=>a("")}>Add rule</${u}>`}
			<${ua} workspace=${t} />
		</section>`}function su({workspace:t,rules:e,collection:r,rule:o,onEdit:n}){let i=Bn(t,!!(o.deliver&&o.options?.folder)),{run:a,busy:l,error:c}=k(async()=>e.put(await r.update(o.id,{enabled:!o.enabled}))),p=async()=>{await r.delete(o.id),e.remove(o.id)};return s`
		<p><strong>${o.name}</strong>${!o.enabled&&" (off)"}</p>
		<p class="muted">${Pi(o.conditions)} → ${o.deliver?`upload to Loom${Ln(o.options,d=>i.nameOf(d))}`:"only keep a copy here"}</p>
		${o.matched>0&&s`<p class="muted">${C(o.matched,"meeting")} copied.</p>`}
		${c&&s`<${m}>${b(c)}</${m}>`}
		<div class="actions">
			<${u} kind="quiet" busy=${l} aria-label=${`${o.enabled?"Turn off":"Turn on"}: ${o.name}`} onClick=${a}>${o.enabled?"Turn off":"Turn on"}</${u}>
			<${u} kind="quiet" aria-label=${`Edit: ${o.name}`} onClick=${n}>Edit</${u}>
			<${E} label="Delete rule" subject=${o.name} question=${`Delete the rule \u201C${o.name}\u201D? What it has copied is kept.`} action=${p} />
		</div>`}function ma({workspace:t}){let[e,r]=$(!1);return s`
		<section class="card" aria-labelledby="new-meetings-heading">
			<h2 id="new-meetings-heading">New meetings</h2>
			${t.fathom?s`<${la} workspace=${t} /><${da} workspace=${t} onReady=${()=>r(!0)} />`:s`<p>Save your Fathom API key first. <a href=${X("fathom")}>Connect Fathom</a></p>`}
		</section>
		${t.fathom&&e&&s`<${pa} workspace=${t} />`}`}var lo={"transfer.failed":"A copy or an upload fails","transfer.refetch_failed":"A file could not be fetched again","transfer.your_turn":"A recording is ready for Loom","link.mismatch":"A Loom link leads to another video","sync.failed":"A sync fails","key.refused":"Fathom refuses the key","schedule.stopped":"A schedule stops","webhook.lost":"Fathom\u2019s webhook is lost","connection.failed":"The mail server or the connection to Loom stops working",digest:"The weekly summary"};function ha({workspace:t}){let[e]=$(lu);return s`<${br} workspace=${t} provider="webhook" id="webhook" title="Webhook"
		purpose="Programs of yours can receive notifications as signed messages (Standard Webhooks)."
		summary=${r=>`Sends to ${r.url}.`}
		fields=${(r,o)=>iu(r,o?"":e)} read=${au} />`}function iu(t,e){let r=t.events?.length?t.events:Object.keys(lo);return s`
		<${A} id="webhook-url" label="Address" type="url" defaultValue=${t.url??""} placeholder="https://hooks.example.com/" required autocomplete="off" spellcheck=${!1} />
		<${A} id="webhook-secret" label="Signing secret" defaultValue=${e} required=${!!e} autocomplete="off" spellcheck=${!1}
			hint=${e?"Copy it to the receiver now; it is not shown again.":"Leave it blank to keep the saved one."} />
		<fieldset class="choices">
			<legend>Events</legend>
			${Object.entries(lo).map(([o,n])=>s`
				<label class="check-box" key=${o}><input type="checkbox" name="webhook-event" value=${o} defaultChecked=${r.includes(o)} /> ${n}</label>`)}
		</fieldset>`}function au(t){let e=String(t.get("webhook-secret")??"").trim(),r=t.getAll("webhook-event").map(String);return{settings:{url:String(t.get("webhook-url")??"").trim(),events:r.length===Object.keys(lo).length?[]:r},...e&&{secret:e}}}function lu(){return`whsec_${btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32))))}`}function fa({workspace:t}){let{run:e,busy:r,error:o}=k(async()=>{let{path:n}=await t.db.send("/api/export",{method:"POST"});at(t.db.buildURL(n))});return s`
		<section class="card" aria-labelledby="export-heading">
			<h2 id="export-heading">Export your data</h2>
			<p>Download a zip archive with your database and all videos. PocketBase or any SQLite browser can open it. Your
			Fathom API key is not included.</p>
			<${u} kind="quiet" busy=${r} onClick=${e}><${we} />Export data</${u}>
			${o&&s`<${m}>${b(o)}</${m}>`}
		</section>`}function $a({workspace:t}){let[e,r]=$(!1),{deleteGrace:o}=Y.value;return s`
		<section class="card" aria-labelledby="delete-heading">
			<h2 id="delete-heading">Delete your account</h2>
			<p>Deletes your account and all meetings and videos stored here. Nothing is deleted at Fathom or Loom.
			${o>=86400&&` The operator of this server can restore your account for ${Ft(o)}.`}</p>
			${e?s`<${cu} email=${t.user.email} onCancel=${()=>r(!1)} />`:s`<${u} kind="quiet" onClick=${()=>r(!0)}>Delete account</${u}>`}
		</section>`}function cu({email:t,onCancel:e}){let[r,o]=$(""),{run:n,busy:i,error:a}=k(fn);return s`
		<form class="confirm" onSubmit=${c=>{if(c.preventDefault(),String(new FormData(c.currentTarget).get("confirm-email")).trim().toLowerCase()!==t.toLowerCase())return o("This is not the e-mail address of your account.");o(""),n()}}>
			<${A} id="confirm-email" label="Type your e-mail address to confirm" inputmode="email" autocomplete="off" spellcheck=${!1} required
				error=${r} onInput=${()=>o("")} />
			<div class="actions">
				<${u} type="submit" kind="danger" busy=${i}>Delete everything</${u}>
				<${u} kind="quiet" onClick=${e}>Cancel</${u}>
			</div>
			${a&&s`<${m}>${b(a)}</${m}>`}
		</form>`}var ga={fathom:{title:"Fathom",content:t=>s`<${Di} workspace=${t} />`},loom:{title:"Loom",content:t=>s`<${zi} workspace=${t} /><${Bi} workspace=${t} />`},automation:{title:"Automation",content:t=>s`<${ma} workspace=${t} />`},notifications:{title:"Notifications",content:t=>s`<${Wi} workspace=${t} /><${Ui} workspace=${t} /><${ha} workspace=${t} /><${Yi} workspace=${t} />`},storage:{title:"Storage",content:t=>s`<${oa} workspace=${t} />`},security:{title:"Security",content:t=>s`<${Ji} workspace=${t} />`},tokens:{title:"API and assistants",content:()=>s`<${Ci} /><${_i} />`},data:{title:"Your data",content:t=>s`<${fa} workspace=${t} /><${$a} workspace=${t} />`},appearance:{title:"Appearance",content:()=>s`<${Ai} />`}};function du({workspace:t,section:e}){let{title:r,content:o}=ga[e],{connections:n}=t,i=U(null);return v(()=>{let a=i.current?.querySelector("[aria-current]");i.current&&a&&(i.current.scrollLeft=a.offsetLeft-(i.current.clientWidth-a.clientWidth)/2)},[e]),s`
		<div class="page settings">
			<nav aria-label="Settings" ref=${i}>
				${Object.entries(ga).map(([a,{title:l}])=>s`
					<a key=${a} href=${X(a)} aria-current=${a===e?"page":void 0}>${l}</a>`)}
			</nav>
			<div class="settings-section" key=${e}>
				<${W} title=${r} />
				${n.error.value&&s`<${m}>${n.error.value}</${m}>`}
				${n.loaded.value?o(t):s`<${q} label="Loading settings" />`}
			</div>
		</div>`}var co={videos:25,minutes:5},uo=t=>t.reduce((e,{size:r})=>e+r,0),ka=t=>`${C(t.length,"file")} (${H(uo(t))})`;function ba(t,{isRest:e,isAgain:r,intoFolder:o}){let n=o?"Save":"Download",i=o?" to a folder":"";return r?`${n} ${ka(t)}${i} again`:`${n} ${e?"the other ":""}${ka(t)}${e?"":i}`}function ya(t,e,r){if(!t)return r?"None saved yet.":"None downloaded yet.";let o=t===e&&e>1?`All ${C(e,"file")}`:`${t} of ${C(e,"file")}`;return r?`${o} saved.`:`${t} of ${C(e,"download")} started. Your browser shows when ${e===1?"it has":"they have"} finished.`}function yr(t,e){return[t>0&&`${t} delivered`,e>0&&`${e} to look at`].filter(Boolean).join(", ")||"No links yet"}function va(t){let e=t.filter(({duration:o})=>o>co.minutes*60).length,r=e?e===t.length?e===1?" This one is longer.":" All of these are longer.":` ${e} of these ${e===1?"is":"are"} longer.`:"";return`Loom\u2019s Starter plan holds ${co.videos} videos of up to ${co.minutes} minutes each.${r}`}function po({desk:t}){let e=t.delivered.value.filter(({recording:o})=>o);if(!e.length)return null;let r=`Delete the ${e.length===1?"copy":C(e.length,"copy","copies")} here (${H(uo(e))})`;return s`
		<${E} label=${r} confirmLabel="Delete" action=${()=>t.deleteCopies()} done="The copies here were deleted."
			question=${`${r}? The videos on Loom are kept, and so are the summaries and transcripts.`} />`}var uu=25,pu={saved:Ge,started:we},mu=Ie({status:"delivered"},void 0);function vr({desk:t,isBusy:e=!1,onDownload:r}){let[o,n]=$(!1),i=t.items.value,a=o?i:i.slice(0,uu);return s`
		<ul class="desk-files">
			${a.map(l=>s`<${hu} key=${l.id} desk=${t} item=${l} isBusy=${e} onDownload=${r} />`)}
		</ul>
		${a.length<i.length&&s`<${u} kind="quiet" onClick=${()=>n(!0)}>Show all ${C(i.length,"file")}</${u}>`}`}function hu({desk:t,item:e,isBusy:r,onDownload:o}){let n=t.saved.stateOf(e),i=t.saving.files.value.get(e.id);return s`
		<li class="desk-file">
			<span class=${`desk-tick ${n}`} aria-hidden="true">${n&&s`<${pu[n]} />`}</span>
			<div class="desk-name">
				<a dir="auto" href=${Q(e.meeting)}>${e.title}</a>
				<p class="file-name" dir="auto">${e.fileName}</p>
				${e.note&&s`<p class="muted">${e.note}</p>`}
				${i?.error&&s`<p class="error">${i.error}</p>`}
			</div>
			<div class="desk-side">
				<p class="muted">${[et(e.duration),H(e.size)].filter(Boolean).join(" \xB7 ")}</p>
				<${fu} item=${e} state=${n} progress=${i} isBusy=${r} onDownload=${o} />
			</div>
		</li>`}function fu({item:t,state:e,progress:r,isBusy:o,onDownload:n}){if(t.isDelivered)return s`<${Vt} state=${mu} />`;if(!t.recording)return s`<p class="muted">The copy here was deleted</p>`;switch(r?.state){case"waiting":return s`<p class="muted">Waiting</p>`;case"saving":{let i=t.size?r.bytes/t.size:0;return s`<progress aria-label=${`Saving ${t.fileName}`} max="1" value=${i} /><p class="muted">${Bt(i)}</p>`}default:{let i=r?"Not saved":{saved:"Saved",started:"Download started","":""}[e];return s`
				${i&&s`<p class=${`desk-word ${r?"error":""}`}>${i}</p>`}
				${n&&s`<${u} kind="link" busy=${o} aria-label=${`${e?"Download again":"Download"}: ${t.title}`} onClick=${()=>n(t)}>${e?"Download again":"Download"}</${u}>`}`}}}var wa=()=>"showDirectoryPicker"in globalThis;async function xa(){try{return await globalThis.showDirectoryPicker({id:"fathom-to-loom",mode:"readwrite",startIn:"downloads"})}catch(t){if(t?.name==="AbortError")return null;throw t}}async function Sa(t,{name:e,size:r},o,{signal:n,onBytes:i}){let a=await $u(t,e);if(a===r)return;if(a)throw new Error(`Another file named \u201C${e}\u201D is in this folder. Move it away, or choose another folder.`);n.throwIfAborted();let l=await o(),c=!1;try{let p=await t.getFileHandle(e,{create:!0}),d=await p.createWritable();await l.pipeThrough(gu(i)).pipeTo(d,{signal:n});let h=(await p.getFile()).size;if(h!==r)throw new Error(`Only ${h} of ${r} bytes of \u201C${e}\u201D arrived. Try again.`);c=!0}finally{c||(l.cancel().catch(()=>{}),await t.removeEntry(e).catch(()=>{}))}}async function $u(t,e){try{return(await(await t.getFileHandle(e)).getFile()).size}catch(r){switch(r?.name){case"NotFoundError":return 0;case"TypeError":throw new Error(`Your browser doesn\u2019t allow the file name \u201C${e}\u201D. Download the file on the page of its meeting.`,{cause:r});default:throw r}}}function gu(t){let e=0;return new TransformStream({transform(r,o){e+=r.byteLength,t(e),o.enqueue(r)}})}var Ta=t=>["TypeError","NetworkError","QuotaExceededError"].includes(t?.name)||t?.status===0||mo(t),mo=t=>["NotAllowedError","SecurityError","NotFoundError"].includes(t?.name);function ho(t){switch(t?.name){case"TypeError":case"NetworkError":return"The connection to the server was lost. What is saved stays; save the others when you are online again.";case"QuotaExceededError":return"The disk is full. Make room, then save the others.";case"NotAllowedError":case"SecurityError":return"Your browser doesn\u2019t allow writing to this folder. Choose another one.";case"NotFoundError":return"The folder is no longer there. Choose another one.";default:return""}}var ae=({number:t,title:e,children:r})=>s`
	<section class="card desk-step" aria-labelledby=${`step-${t}`}>
		<h2 id=${`step-${t}`}><span class="desk-number" aria-hidden="true">${t}</span>${e}</h2>
		${r}
	</section>`;function Ca({desk:t}){let{saving:e,saved:r}=t,o=wa(),n=t.waiting.value.filter(({recording:f})=>f),i=n.filter(f=>!r.stateOf(f)),a=i.length>0&&i.length<n.length,{run:l,error:c}=k(async(f,g)=>{if(!o)return e.download(f);let y=g??await xa();y&&await e.saveIn(y,f)}),p=e.running.value,d=i.length?i:n,h=a?e.folder:null;return s`
		<${ae} number=${1} title="Get the files">
			<p class="muted">${o?"They are written to a folder that you choose. What is in it already is not fetched again.":"Your browser downloads them one after another. It may ask whether this page may download several files."}</p>
			${n.length>0&&s`
				<div class="actions">
					<${u} kind=${i.length?"primary":"quiet"} busy=${p} onClick=${()=>l(d,h)}>
						<${we} />${p?o?"Saving\u2026":"Starting downloads\u2026":ba(d,{isRest:a,isAgain:!i.length,intoFolder:o})}
					</${u}>
					${p&&s`<${u} kind="quiet" onClick=${()=>e.cancel()}>Cancel</${u}>`}
					${!p&&h&&s`<${u} kind="quiet" onClick=${()=>l(d,null)}>Choose another folder</${u}>`}
				</div>`}
			<div class="desk-status">
				${p?s`<${ku} desk=${t} />`:s`<p class=${i.length<n.length?"":"muted"}>${n.length>0&&ya(n.length-i.length,n.length,o)}</p>`}
			</div>
			${e.problem.value&&s`<${m}>${e.problem.value}</${m}>`}
			${c&&s`<${m}>${b(c)}</${m}>`}
			<${vr} desk=${t} isBusy=${p} onDownload=${o?void 0:f=>l([f],null)} />
		</${ae}>`}function ku({desk:{saving:t}}){let{files:e,...r}=t.total.value,o=[...t.files.value.values()].filter(({state:n})=>n!=="failed").length;return s`
		<div class="transfer-progress">
			<progress aria-label="All files" max="1" value=${r.total?r.done/r.total:0} />
			<p class="muted">${e-o} of ${C(e,"file")} · ${xn(r,t.rate(vn()))}</p>
		</div>`}var bu=["validation_link_private","validation_link_unreachable","validation_link_no_meeting"],Aa=({found:t,code:e})=>!!t||bu.includes(e),fo=({code:t})=>t==="validation_link_private"||t==="validation_link_unreachable",wr=class{open=O([]);busy=O(0);#e;#r;constructor(e,r){this.#e=e,this.#r=r}async find(e){this.busy.value++;try{let{matched:r,doubtful:o,unknown:n}=await this.#e.send("/api/share-links",{method:"POST",body:{text:e}});for(let{transfer:a,url:l}of r)this.#r(a,l);let i=new Set([r,o,n].flat().map(({url:a})=>a));return this.open.value=[...this.open.value.filter(({url:a})=>!i.has(a)),...o.map(a=>({...a,code:"",message:""})),...n.map(a=>({...a,candidates:[]}))],r}finally{this.busy.value--}}async assign(e,r){await this.#e.collection("transfers").update(r,{share_url:e,confirmed:!0}),this.#r(r,e),this.dismiss(e)}dismiss(e){this.open.value=this.open.value.filter(r=>r.url!==e)}};function La({desk:t,link:e}){let{links:r}=t,o=t.waiting.value,{run:n,busy:i,error:a}=k(d=>r.assign(e.url,d),"Link saved. The video is on Loom."),l=k(()=>r.find(e.url)),c=e.candidates.filter(({transfer:d})=>o.some(({id:h})=>h===d)),p=o.filter(({id:d})=>!c.some(({transfer:h})=>h===d));return s`
		<li class="open-link">
			<${wu} url=${e.url} />
			${e.found?s`
					<div class="pair">
						<div>
							<p class="hint">At Loom</p>
							<p dir="auto">${$o(e.found.title||"Untitled",e.found.duration)}</p>
						</div>
						<div>
							<p class="hint">Here</p>
							<ul>${c.map(({transfer:d,title:h,recorded_at:f,duration:g,agrees:y})=>s`
								<${yu} key=${d} choice=${{transfer:d,title:h,recordedAt:f,duration:g,agrees:y}} busy=${i} onChoose=${()=>n(d)} />`)}</ul>
						</div>
					</div>`:s`<p>${e.message}</p>`}
			${Aa(e)&&p.length>0&&s`<${vu} id=${e.url.slice(-32)} items=${p} isFirst=${!c.length} label=${fo(e)?"Save without a check":"It\u2019s this one"}
				busy=${i} onChoose=${n} />`}
			${(a||l.error)&&s`<${m}>${b(a||l.error)}</${m}>`}
			<div class="actions">
				${fo(e)&&s`<${u} kind="quiet small" busy=${l.busy} onClick=${l.run}>${l.busy?"Asking Loom\u2026":"Check again"}</${u}>`}
				<${u} kind="quiet small" onClick=${()=>r.dismiss(e.url)}>Remove this link</${u}>
			</div>
		</li>`}function yu({choice:t,busy:e,onChoose:r}){let{title:o,recordedAt:n,duration:i,agrees:a}=t,l=`${de(n)}, ${Te(n)}`;return s`
		<li>
			<div>
				<p dir="auto">${$o(M(o),i)}</p>
				<p class="hint">${[l,xu(a??[])].filter(Boolean).join(" \xB7 ")}</p>
			</div>
			<${u} kind="quiet small" busy=${e} aria-label=${`It\u2019s this one: ${o}, ${l}`} onClick=${r}>It’s this one</${u}>
		</li>`}function vu({id:t,items:e,isFirst:r,label:o,busy:n,onChoose:i}){let[a,l]=$(""),c=`meeting-of-${t}`;return s`
		<div class="desk-others">
			<label for=${c}>${r?"Its meeting":"Another meeting"}</label>
			<div>
				<select id=${c} value=${a} onChange=${p=>l(p.currentTarget.value)}>
					<option value="">Choose a meeting</option>
					${e.map(({id:p,title:d,recordedAt:h,duration:f})=>s`<option key=${p} value=${p}>${`${$o(d,f)} \xB7 ${de(h)}`}</option>`)}
				</select>
				<${u} kind="quiet small" busy=${n} disabled=${!a} onClick=${()=>i(a)}>${o}</${u}>
			</div>
		</div>`}function wu({url:t}){let e=ee(t);return s`<p class="url">${e?s`<${P} href=${e}>${t}</${P}>`:t}</p>`}var $o=(t,e)=>[t,et(e)].filter(Boolean).join(" \xB7 ");function xu(t){return t.length===2?"title and length agree":t.length?`only the ${t[0]} agrees`:""}var go=5;function ko({desk:t,children:e}){let{links:r}=t,o=U(null),n=U(null),[i,a]=$(null),l=async h=>{try{let f=await r.find(h);o.current?.value===h&&(o.current.value=""),f.length&&Ce(`${C(f.length,"link")} saved.`),a({text:h,matched:f,error:null})}catch(f){o.current&&!o.current.value.trim()&&(o.current.value=h),a({text:h,matched:[],error:f})}};ye(()=>{i?.error&&o.current?.value===i.text?o.current.select():i?.error?o.current?.focus():i&&n.current?.focus()},[i]),v(()=>{let h=f=>{let g=f.clipboardData?.getData("text/plain").trim();!g||Bo(f)||(f.preventDefault(),l(g))};return document.addEventListener("paste",h),()=>document.removeEventListener("paste",h)},[]);let c=h=>{h.preventDefault(),o.current&&l(o.current.value)},p=r.busy.value>0,d=i?.error?b(i.error):"";return s`
		<${ae} number=${3} title="Paste the links">
			<form class="desk-form" onSubmit=${c}>
				<label for="share-links">Loom links (any number, in any order)</label>
				<textarea id="share-links" name="share-links" ref=${o} rows="3" required spellcheck=${!1} placeholder="https://www.loom.com/share/…"
					aria-invalid=${d?"true":void 0} aria-describedby=${d?"share-links-error":"share-links-hint"}
					onPaste=${()=>setTimeout(()=>o.current?.value&&l(o.current.value))} />
				${d&&s`<p class="error" id="share-links-error" role="alert">${d}</p>`}
				<p class="hint" id="share-links-hint">You can also paste anywhere on this page. Each link finds its meeting by title and length.</p>
				<${u} type="submit" kind="quiet" busy=${p}>${p?"Asking Loom\u2026":"Find their meetings"}</${u}>
			</form>
			<${Su} desk=${t} matched=${i?.matched??[]} heading=${n} isShown=${!!(i&&!i.error)} />
			${e}
		</${ae}>`}function Su({desk:t,matched:e,heading:r,isShown:o}){let n=t.links.open.value,i=t.delivered.value.length;return!o&&!n.length&&!i?null:s`
		<div class="desk-result">
			<h3 tabindex="-1" ref=${r}>${yr(i,n.length)}</h3>
			${e.length>0&&s`<p>On Loom now: ${e.slice(0,go).map(({transfer:a,meeting:l,title:c},p)=>s`${p>0&&", "}<a key=${a} dir="auto" href=${Q(l)}>${M(c)}</a>`)}${e.length>go&&` and ${e.length-go} more`}.</p>`}
			${n.length>0&&s`<ul class="open-links">${n.map(a=>s`<${La} key=${a.url} desk=${t} link=${a} />`)}</ul>`}
		</div>`}function _a({desk:t}){let e=t.waiting.value,r=e.length===1,o=e.every(n=>t.saved.stateOf(n));return s`
		<${ae} number=${2} title="Upload them to Loom">
			<p>In your Loom library, select <strong>New video</strong>, then <strong>Upload a video</strong>, and choose the ${r?"file":"files"}${" "}
				listed in step 1. Don’t rename the ${r?"file":"files"}: links are matched to meetings by name.</p>
			<${P} class=${`button ${o?"primary":"quiet"}`} href=${Y.value.loomUploadURL}>Open Loom</${P}>
			<p class="muted">${va(e)} Anyone with the link must be able to view a video: otherwise this server can’t check it.</p>
		</${ae}>`}var Tu=1e3,Cu=100,Au="The copy is no longer here. Open the meeting and copy it again.",xr=class{files=O(new Map);running=O(!1);problem=O("");total=O({done:0,total:0,files:0});#e;#r;#t=new AbortController;#o=null;#s=[];constructor(e,r){this.#e=e,this.#r=r}get folder(){return this.#o}rate(e){return dn(this.#s,e)}cancel(){this.#t.abort()}async saveIn(e,r){this.#o=e,await this.#n(r,"All files are saved.",async o=>{let{signal:n}=this.#t,i=this.total.value.done,a=0;await Sa(e,{name:o.fileName,size:o.size},()=>this.#i(o,n),{signal:n,onBytes:l=>{let c=Date.now();c-a<Cu||(a=c,this.#a(o,{state:"saving",bytes:l,error:""}),this.#l(i+l))}}),this.#l(i+o.size),this.#e.add(o,"saved")})}async download(e){await this.#n(e,"All downloads have started.",async(r,o)=>{at(await this.#r(r,{download:!0,proxy:!1}),r.fileName),this.#e.add(r,"started"),this.#l(this.total.value.done+r.size),o||await Lu(Tu,this.#t.signal)})}async#n(e,r,o){if(this.running.value)return;this.#t=new AbortController,this.#s=[],this.running.value=!0,this.problem.value="",this.files.value=new Map(e.map(({id:i})=>[i,{state:"waiting",bytes:0,error:""}])),this.total.value={done:0,total:e.reduce((i,{size:a})=>i+a,0),files:e.length};let n=0;addEventListener("beforeunload",Ra);try{for(let[i,a]of e.entries()){this.#t.signal.throwIfAborted(),this.#a(a,{state:"saving",bytes:0,error:""});try{await o(a,i===e.length-1),this.#a(a,void 0)}catch(l){if(this.#t.signal.aborted||Ta(l))throw l;this.#a(a,{state:"failed",bytes:0,error:ho(l)||R(l)}),n++}}Ce(n?`${C(n,"file")} could not be saved.`:r)}catch(i){mo(i)&&(this.#o=null),this.problem.value=this.#t.signal.aborted?"":ho(i)||R(i),this.#t.signal.aborted&&Ce("Saving was cancelled.")}finally{this.files.value=new Map([...this.files.value].filter(([,{state:i}])=>i==="failed")),this.running.value=!1,removeEventListener("beforeunload",Ra)}}async#i(e,r){let o=await fetch(await this.#r(e,{download:!1,proxy:!0}),{signal:r});if(o.status===404)throw new Error(Au);if(!o.ok||!o.body)throw new Error("The server could not send this file. Try again.");return o.body}#a({id:e},r){let o=new Map(this.files.value);r?o.set(e,r):o.delete(e),this.files.value=o}#l(e){let r=Date.now();this.#s=cn(this.#s,{at:r,bytes:e,seen:r}),this.total.value={...this.total.value,done:e}}},Ra=t=>t.preventDefault(),Lu=(t,e)=>new Promise((r,o)=>{let n=setTimeout(r,t);e.addEventListener("abort",()=>{clearTimeout(n),o(e.reason)},{once:!0})});var _u=200,Ru=50,Pu="meeting.recordings_via_meeting",Eu=["id","file","size","collectionId","collectionName"].map(t=>`expand.meeting.expand.recordings_via_meeting.${t}`),Du=["id","recording_id","meeting","file_name","bytes_total","note","updated","expand.meeting.title","expand.meeting.recorded_at","expand.meeting.duration",...Eu].join(),Sr=class{loaded=O(!1);error=O("");#e;#r;#t=O(new Map);#o=O(new Set);#s=null;constructor({db:e,waiting:r}){this.#e=e,this.#r=r,this.saved=new Ho(e.name),this.saving=new xr(this.saved,(o,n)=>hr(e,o.recording,n)),this.links=new wr(e,o=>this.#i(o)),r.onDelivered=({id:o})=>this.#i(o),this.items=ht(()=>{let o=new Set(r.items.value.map(({id:n})=>n));return[...this.#t.value.values()].map(n=>({...n,isDelivered:this.#o.value.has(n.id)})).filter(({id:n,isDelivered:i})=>i||o.has(n)).sort((n,i)=>i.recordedAt.localeCompare(n.recordedAt))}),this.waiting=ht(()=>this.items.value.filter(({isDelivered:o})=>!o)),this.delivered=ht(()=>this.items.value.filter(({isDelivered:o})=>o)),this.missing=ht(()=>r.items.value.filter(({id:o,updated:n})=>(this.#t.value.get(o)?.updated??"")<n).map(({id:o})=>o))}stop(){this.saving.cancel(),this.#r.onDelivered=()=>{}}async load(){this.#s??=this.#n().finally(()=>{this.#s=null}),await this.#s}async#n(){this.error.value="";let e=this.missing.value;try{let r=e.length>Ru?un:e.map(n=>this.#e.filter("id = {:id}",{id:n})).join(" || "),o=e.length?await rn(this.#e.collection("transfers"),_u,{filter:r,expand:Pu,fields:Du}):[];this.#t.value=new Map([...this.#t.value,...o.map(n=>[n.id,Fu(n)])]),this.#o.value=new Set([...this.#o.value].filter(n=>!e.includes(n))),this.saved.keepOnly(this.items.value.map(({recordingID:n})=>n)),this.loaded.value=!0}catch(r){this.error.value=R(r)}}async deleteCopies(){let e=this.delivered.value.flatMap(({recording:r})=>r?[r.id]:[]);await Zt(this.#e,e,r=>{this.#t.value=new Map([...this.#t.value].map(([o,n])=>[o,n.recording?.id===r?{...n,recording:null}:n]))})}#i(e){this.#t.value.has(e)&&(this.#o.value=new Set(this.#o.value).add(e))}};function Fu({id:t,recording_id:e,meeting:r,file_name:o,bytes_total:n,note:i,updated:a,expand:{meeting:{title:l,recorded_at:c,duration:p,expand:d}}}){let h=d?.recordings_via_meeting?.find(({file:f})=>f)??null;return{id:t,recordingID:e,meeting:r,title:M(l),recordedAt:c,duration:p,fileName:o,size:h?.size??n,note:i,updated:a,recording:h}}function Bu({workspace:t}){t.desk??=new Sr(t);let{desk:e,waiting:r,connections:o}=t,n=e.missing.value.length;v(()=>{r.loaded.value&&(n>0||!e.loaded.value)&&e.load()},[r.loaded.value,n]);let i=r.loaded.value&&e.loaded.value&&o.loaded.value,a=r.error.value||e.error.value||o.error.value;return s`
		<div class="page">
			<${W} title="To upload" />
			${a&&s`<${m}>${a} <${u} kind="link" onClick=${()=>{r.reload(),o.reload(),e.load()}}>Try again</${u}></${m}>`}
			${!i&&!a&&s`<${q} label="Loading what waits" />`}
			${i&&s`<${Iu} workspace=${t} desk=${e} />`}
		</div>`}function Iu({workspace:t,desk:e}){return ge(t.loom)?s`<${Mu} workspace=${t} desk=${e} />`:!e.items.value.length&&!e.links.open.value.length?s`<${Pa} />`:s`
		<p class="lead">These meetings are copied, and it’s your turn: upload their files to Loom, and paste the links that Loom gives you.</p>
		<div class="desk">
			<${Ca} desk=${e} />
			<div class="desk-rest">
				<${_a} desk=${e} />
				${Mt(t.loomReader)?s`<${Ou} desk=${e} />`:s`<${ko} desk=${e}><${po} desk=${e} /></${ko}>`}
			</div>
		</div>`}function Ou({desk:t}){let e=t.delivered.value.length;return s`
		<${ae} number=${3} title="Nothing to paste">
			<p>This server asks Loom for your new videos and finds their meetings by title and length. If it has doubts about one, it says so in the list, and you
				paste the link on the page of the meeting.</p>
			${e>0&&s`<h3>${yr(e,0)}</h3>`}
			<${po} desk=${t} />
		</${ae}>`}var Mu=({workspace:t,desk:e})=>s`
	<p class="lead">This server uploads your recordings to Loom. What waits for you has its steps on the page of its meeting.</p>
	<${kr} workspace=${t} id="waiting" />
	${e.items.value.length?s`<section class="card desk-step" aria-label="Recordings"><${vr} desk=${e} /></section>`:s`<${Pa} />`}`,Pa=()=>s`
	<section class="empty">
		<h2>Nothing to upload</h2>
		<p>When a copy is ready for you to upload to Loom, it appears here.</p>
		<a class="button quiet" href=${j("/")}>Show meetings</a>
	</section>`;function qu({token:t}){let[e,r]=$(!1),o=Ee(t,"email"),{run:n,error:i}=k(async()=>{await Gn(t),r(!0)});return v(()=>{o&&n()},[]),o?e?s`
			<${V} key="done" title="Your address is confirmed">
				<p>Thank you. <strong>${o}</strong> is yours.</p>
				<p><a class="button primary" href=${j("/")}>Continue</a></p>
			</${V}>`:s`
		<${V} title="Confirm your address">
			${!i&&s`<${q} label=${`Confirming ${o}`} />`}
			${Re(i)&&s`<${m}>${Re(i)}</${m}><${nt} email=${o} label="Send another link" />`}
			${i&&!Re(i)&&s`<${m}>${R(i)} <${u} kind="link" onClick=${n}>Try again</${u}></${m}>`}
		</${V}>`:s`<${V} title="Confirm your address"><${m}>${st}</${m}></${V}>`}export{Va as ActivityPage,Ja as AtlassianCallbackPage,el as AuthorizePage,ol as ConfirmEmailPage,nl as ForgotPasswordPage,il as HelpPage,Qc as MeetingPage,td as ResetPasswordPage,od as SearchPage,du as SettingsPage,Bu as UploadPage,qu as VerifyEmailPage};
